import { CONTRACT, type Input, type NameOf, type OperationName, type Output } from "../../../shared/contract/index.js";
import { BYTES_TYPE, JSON_TYPE } from "../../../shared/protocol.js";
import { outputIn, problemIn } from "./answer.js";
import type { Budget } from "./budget.js";
import { failureOf } from "./failure.js";
import { localProblem } from "./problem.js";

/** Seconds until an answer has to be there; a long poll and a large file have their own. */
const CALL_SECONDS = 20;
const BYTES_SECONDS = 110;
/** A request whose turn is further away than this is refused, rather than left hanging without a word. */
const LONGEST_QUEUE_SECONDS = 15;

interface Download {
  readonly bytes: string;
  /** SHA-256 of the whole file in hex; absent of a range. */
  readonly hash?: string;
}

/** Calls operations of the contract by name. Every promise rejects with an AnyProblem. */
export interface Caller {
  /** `seconds` is how long an answer may take. */
  call<Name extends NameOf<"call" | "probe">>(name: Name, input: Input<Name>, seconds?: number): Promise<Output<Name>>;
  download<Name extends NameOf<"download">>(name: Name, input: Input<Name>): Promise<Download>;
  upload<Name extends NameOf<"upload">>(name: Name, input: Input<Name>, bytes: string): Promise<Output<Name>>;
}

export interface CallerOptions {
  readonly http: HttpService;
  readonly budget: Budget;
  /** `http://127.0.0.1:27183`, without a slash at the end. */
  readonly url: () => string;
  readonly token: () => string | undefined;
}

type Request = RequestAsyncRequest & { Timeout: number };

/** The only caller of RequestAsync. It sends a token to operations that ask for one, and to no others. */
export function createCaller({ http, budget, url, token }: CallerOptions): Caller {
  function headersOf(name: OperationName, contentType?: string): Map<string, string> {
    const headers = new Map<string, string>();
    if (contentType !== undefined) headers.set("Content-Type", contentType);
    if (CONTRACT[name].scope !== "none") {
      const known = token();
      if (known === undefined) throw localProblem("not-paired");
      headers.set("Authorization", `Bearer ${known}`);
    }
    return headers;
  }

  function request(options: Request): RequestAsyncResponse {
    const seconds = budget.take();
    if (seconds > LONGEST_QUEUE_SECONDS) throw localProblem("quota-spent");
    if (seconds > 0) task.wait(seconds);
    const [ok, answer] = pcall(() => http.RequestAsync(options));
    if (!ok) {
      const problem = failureOf(answer);
      if (problem.code === "quota-spent") budget.pause();
      throw problem;
    }
    if (!answer.Success) throw problemIn(http, answer);
    return answer;
  }

  function post(name: OperationName, input: object, seconds: number): RequestAsyncResponse {
    return request({
      Url: `${url()}/v1/${name}`,
      Method: "POST",
      Headers: headersOf(name, JSON_TYPE),
      Body: http.JSONEncode(input),
      Timeout: seconds,
    });
  }

  return {
    async call<Name extends NameOf<"call" | "probe">>(name: Name, input: Input<Name>, seconds = CALL_SECONDS) {
      const answer =
        CONTRACT[name].form === "probe"
          ? request({ Url: `${url()}/v1/${name}`, Method: "GET", Headers: headersOf(name), Timeout: seconds })
          : post(name, input, seconds);
      return outputIn(http, CONTRACT[name].output, answer) as Output<Name>;
    },
    async download(name, input) {
      const answer = post(name, input, BYTES_SECONDS);
      const [hash] = (answer.Headers["etag"] ?? "").match('^"(%x+)"$');
      return { bytes: answer.Body, hash: hash as string | undefined };
    },
    async upload<Name extends NameOf<"upload">>(name: Name, input: Input<Name>, bytes: string) {
      const query: string[] = [];
      for (const [field, value] of pairs(input as { readonly [field: string]: string })) {
        query.push(`${field}=${http.UrlEncode(value)}`);
      }
      const answer = request({
        Url: `${url()}/v1/${name}?${query.join("&")}`,
        Method: "POST",
        Headers: headersOf(name, BYTES_TYPE),
        Body: bytes,
        Timeout: BYTES_SECONDS,
      });
      return outputIn(http, CONTRACT[name].output, answer) as Output<Name>;
    },
  };
}
