import { JSON_TYPE } from "../../shared/protocol.js";
import { Failure, fail } from "../fail.js";
import type { Answer } from "../upstream/request.js";
import { textStart } from "../upstream/text-start.js";
import type { Door } from "../upstream/upstreams.js";
import type { Dialect, ModelFacts, Request } from "./dialect.js";
import { jsonOf, jsonText } from "./loose.js";
import { type Complaint, complaintIn, retryAfter, troubleOf } from "./trouble.js";

/** A server that has models. */
export interface Provider {
  readonly name: string;
  readonly door: Door;
  readonly dialect: Dialect;
  /** What is told where it cannot be reached: what is the matter, and what to do. */
  whenDown(detail: string): string;
}

const TOO_DEEP = "The arguments of a call, or the parameters of a tool, are nested too deeply.";

/** Longest list of models that is read. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Asks a provider. Fails where it cannot be reached, saying what to do; its errors are answers. */
export async function askProvider(provider: Provider, asked: Request, signal: AbortSignal): Promise<Answer> {
  const { rest, headers = [], body } = asked;
  const content = body === undefined ? undefined : Buffer.from(jsonText(body) ?? fail("invalid-input", TOO_DEEP));
  try {
    return await provider.door.ask({
      rest,
      method: content === undefined ? "GET" : "POST",
      headers: [...headers, ...(content === undefined ? [] : [["content-type", JSON_TYPE] as const])],
      ...(content !== undefined && { content }),
      signal,
    });
  } catch (error) {
    if (!(error instanceof Failure) || error.problem.code !== "upstream-unreachable") throw error;
    return fail("upstream-unreachable", provider.whenDown(error.problem.detail));
  }
}

/** What a provider says instead of an answer, as a problem. @param text of its body. */
export function failureOf({ name, door }: Provider, { status, headers }: Answer, text: string): Failure {
  const value = jsonOf(text);
  const complaint: Complaint = complaintIn(value) ?? { message: `it answered with the status ${status}`, kind: "" };
  const seconds = retryAfter(headers.find(([header]) => header === "retry-after")?.[1], value);
  return troubleOf(complaint, {
    name,
    conceal: door.conceal,
    status,
    ...(text !== "" && { body: text }),
    ...(seconds !== undefined && { retryAfterSeconds: seconds }),
  });
}

/** The models of a provider. Fails where it cannot be reached, refuses, or answers no list of models. */
export async function listModels(provider: Provider, signal: AbortSignal): Promise<readonly ModelFacts[]> {
  const { dialect, door, name } = provider;
  const get = (asked: Request) => askJson(provider, asked, signal);
  return (await dialect.models(get, door.basePath)) ?? fail("upstream-failed", `${name} answered no list of models.`);
}

/** Asks for JSON. Fails with what the provider says where it does not answer it. */
async function askJson(provider: Provider, asked: Request, signal: AbortSignal): Promise<unknown> {
  const answer = await askProvider(provider, asked, signal);
  if (answer.status >= 400) throw failureOf(provider, answer, await textStart(answer.body));
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) fail("too-large", `${provider.name} answered with more than ${MOST_BYTES} bytes.`);
    chunks.push(chunk);
  }
  const value = jsonOf(Buffer.concat(chunks).toString());
  return value === undefined ? fail("upstream-failed", `${provider.name} answered something that is not JSON.`) : value;
}
