import { CONTRACT, type Input, type NameOf, type OperationName, type Output } from "../../../shared/contract/index.js";
import { BYTES_TYPE, JSON_TYPE } from "../../../shared/protocol.js";
import { decodeOutput, problemIn } from "./answer.js";
import type { Budget } from "./budget.js";
import { BYTES_SECONDS, CALL_SECONDS, type TokenCaller } from "./caller.js";
import { failureOf, losesConnection } from "./failure.js";
import { demandProof } from "./greeting.js";
import { type AnyProblem, localProblem } from "./problem.js";
import { createTrust } from "./trust.js";

/** A request whose turn is further away than this is refused, rather than left hanging without a word. */
const LONGEST_QUEUE_SECONDS = 15;

export interface CallerOptions {
  readonly http: HttpService;
  readonly encoding: EncodingService;
  readonly budget: Budget;
  /** `http://127.0.0.1:27183`, without a slash at the end. */
  readonly url: () => string;
  readonly token: () => string | undefined;
  /** Seconds. */
  readonly clock: () => number;
}

interface Request {
  readonly target: string;
  readonly method: "GET" | "POST";
  readonly contentType?: string;
  readonly body?: string;
  readonly seconds: number;
}

/** The only caller of RequestAsync. It sends a token to operations that ask for one, and to no others. */
export function createCaller({ http, encoding, budget, url, token, clock }: CallerOptions): TokenCaller {
  const trust = createTrust({ url, token, clock, prove: (known) => demandProof(caller, http, encoding, known) });

  function fail(problem: AnyProblem): never {
    if (problem.code === "quota-spent") budget.pause();
    if (problem.code === "fault" || losesConnection(problem)) trust.lost();
    throw problem;
  }

  async function request(name: OperationName, asked: Request): Promise<RequestAsyncResponse> {
    const seconds = budget.take(LONGEST_QUEUE_SECONDS);
    if (seconds === undefined) throw localProblem("quota-spent");
    if (seconds > 0) task.wait(seconds);
    const headers = new Map<string, string>();
    if (asked.contentType !== undefined) headers.set("Content-Type", asked.contentType);
    const asks = CONTRACT[name].scope !== "none";
    if (asks) {
      if (token() === undefined) throw localProblem("not-paired");
      // After the wait for its turn, and before nothing that takes time.
      await trust.ensure();
      headers.set("Authorization", `Bearer ${token()}`);
    }
    const heard = trust.listen();
    const options: RequestAsyncRequest & { Timeout: number } = {
      Url: `${url()}/v1/${asked.target}`,
      Method: asked.method,
      Headers: headers,
      Body: asked.body,
      Timeout: asked.seconds,
    };
    const [ok, answer] = pcall(() => http.RequestAsync(options));
    if (!ok) fail(failureOf(answer));
    if (!answer.Success) {
      const problem = problemIn(http, answer);
      if (losesConnection(problem)) fail(problem);
      if (asks) heard();
      throw problem;
    }
    if (asks) heard();
    return answer;
  }

  /** An answer that is not as agreed may be another program's. */
  function output<Name extends OperationName>(name: Name, answer: RequestAsyncResponse): Output<Name> {
    const [ok, value] = pcall(() => decodeOutput(http, CONTRACT[name].output, answer.Body));
    if (!ok) {
      trust.lost();
      throw value;
    }
    return value as Output<Name>;
  }

  function post(name: OperationName, input: object, seconds: number): Promise<RequestAsyncResponse> {
    return request(name, {
      target: name,
      method: "POST",
      contentType: JSON_TYPE,
      body: http.JSONEncode(input),
      seconds,
    });
  }

  const caller: TokenCaller = {
    async call<Name extends NameOf<"call" | "probe">>(name: Name, input: Input<Name>, seconds = CALL_SECONDS) {
      const answer =
        CONTRACT[name].form === "probe"
          ? await request(name, { target: name, method: "GET", seconds })
          : await post(name, input, seconds);
      return output(name, answer);
    },
    async download(name, input) {
      const answer = await post(name, input, BYTES_SECONDS);
      const [hash] = (answer.Headers["etag"] ?? "").match('^"(%x+)"$');
      return { bytes: answer.Body, hash: hash as string | undefined };
    },
    async upload<Name extends NameOf<"upload">>(name: Name, input: Input<Name>, bytes: string) {
      const query: string[] = [];
      for (const [field, value] of pairs(input as { readonly [field: string]: string })) {
        query.push(`${field}=${http.UrlEncode(value)}`);
      }
      const answer = await request(name, {
        target: `${name}?${query.join("&")}`,
        method: "POST",
        contentType: BYTES_TYPE,
        body: bytes,
        seconds: BYTES_SECONDS,
      });
      return output(name, answer);
    },
    prove() {
      return trust.renew();
    },
    async authorize() {
      if (token() === undefined) throw localProblem("not-paired");
      await trust.ensure();
      return token() as string;
    },
    doubt() {
      trust.lost();
    },
  };
  return caller;
}
