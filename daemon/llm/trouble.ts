import type { Problem, ProblemCode } from "../../shared/problem.js";
import { Failure } from "../fail.js";
import { clip } from "./clip.js";
import { fieldOf, listOf, textOf } from "./loose.js";

/** What a provider says of what is wrong. */
export interface Complaint {
  readonly message: string;
  /** Its own code or type for it. */
  readonly kind: string;
}

/** Fails with what a provider says. */
export type Complain = (complaint: Complaint) => never;

/** Of a provider's own message; the wire has room for more around it. */
const MESSAGE_BYTES = 3072;
const KIND_BYTES = 256;

/** Finds the complaint in an answer of any provider; undefined where there is none. */
export function complaintIn(answered: unknown): Complaint | undefined {
  const value = firstOf(answered);
  const error = fieldOf(value, "error");
  if (typeof error === "string" && error !== "") return { message: error, kind: "" };
  const from = typeof error === "object" && error !== null ? error : complainer(value);
  if (from === undefined) return undefined;
  const kinds = ["type", "code", "status"].map((name) => textOf(fieldOf(from, name)) ?? "");
  const message = ["message", "detail", "msg"].map((name) => textOf(fieldOf(from, name))).find(Boolean) ?? "";
  return {
    message: message === "" ? kinds.join(" ").trim() || "an error without a message" : message,
    kind: kinds.join(" "),
  };
}

/** Some put an answer, or what is wrong, in a list. */
function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}

/** A value that is itself an error. */
function complainer(value: unknown): unknown {
  if (textOf(fieldOf(value, "object")) === "error") return value;
  const detail = fieldOf(value, "detail");
  if (typeof detail === "string") return value;
  return Array.isArray(detail) ? detail[0] : detail;
}

const CONTEXT =
  /context[_ ](?:length|size|window|limit)|exceed(?:s|ed)? (?:the )?(?:available |maximum |max )?context|context overflow|prompt is too long|prompt too long|too many tokens|input token count|maximum (?:model|context) length|longer than the maximum|request_too_large/i;
const NO_MODEL =
  /model_not_found|not_found_error|model\b.*\b(?:not found|does not exist|not available)|(?:no such|unknown|invalid) model|NOT_FOUND/i;
const NOT_LOADED =
  /(?:failed|unable|error|cannot|could not)\b.*\bload|error loading|more system memory|insufficient memory|out of memory|runner (?:process )?(?:has )?(?:terminated|crashed)|no models? loaded/i;
const KEY =
  /invalid[_ ]api[_ ]key|incorrect api key|api key not valid|API_KEY_INVALID|authentication_error|permission_error|unauthori[sz]ed/i;
const BUSY = /overloaded|rate[_ ]limit|RESOURCE_EXHAUSTED|UNAVAILABLE|unavailable_error/i;

/** @param complaint no longer than it is told: in a long text these patterns take time by the square of its length. */
function codeOf(status: number | undefined, { message, kind }: Complaint): ProblemCode {
  const said = `${kind} ${message}`;
  if (status === 401 || status === 403 || KEY.test(said)) return "key-refused";
  if (status === 413 || CONTEXT.test(said)) return "context-too-long";
  if (status === 429) return "provider-busy";
  if (NOT_LOADED.test(said)) return "model-not-loaded";
  if (status === 404 ? NO_MODEL.test(said) : /model_not_found/i.test(kind)) return "no-model";
  if (status === 503 || status === 529 || BUSY.test(said)) return "provider-busy";
  return "upstream-error";
}

/** What to do about it. */
function advice(code: ProblemCode, retryAfterSeconds: number | undefined): string {
  switch (code) {
    case "key-refused":
      return " Set its key in the configuration.";
    case "context-too-long":
      return " Leave something out of the conversation.";
    case "provider-busy":
      return ` Try again ${retryAfterSeconds === undefined ? "later" : `in ${retryAfterSeconds} s`}.`;
    default:
      return "";
  }
}

interface Circumstances {
  readonly name: string;
  /** Takes what must not be told out of a text. */
  conceal(text: string): string;
  /** HTTP's, where it says that something is wrong. */
  readonly status?: number;
  readonly body?: string;
  readonly retryAfterSeconds?: number;
}

/** A provider's complaint as a problem of ours, with its own words in `detail`. */
export function troubleOf(
  complaint: Complaint,
  { name, conceal, status, body, retryAfterSeconds }: Circumstances,
): Failure {
  const message = clip(conceal(complaint.message).trim(), MESSAGE_BYTES);
  const code = codeOf(status, { message, kind: clip(complaint.kind, KIND_BYTES) });
  const problem: Problem = {
    code,
    detail: `${name}: ${message}${/[.!?]$/.test(message) ? "" : "."}${advice(code, retryAfterSeconds)}`,
    ...(status !== undefined && { status }),
    ...(code === "upstream-error" && body !== undefined && { body: conceal(body) }),
    ...(code === "provider-busy" && retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
  return new Failure(problem);
}

const YEAR_SECONDS = 31_536_000;

function whole(seconds: number): number {
  return Math.min(YEAR_SECONDS, Math.max(0, Math.ceil(seconds)));
}

/** When to try again: by the header, in seconds or as a date, or by what Gemini says in its details. */
export function retryAfter(header: string | undefined, value: unknown): number | undefined {
  if (header !== undefined) {
    const seconds = /^\d+(?:\.\d+)?$/.test(header.trim()) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
    if (Number.isFinite(seconds)) return whole(seconds);
  }
  const error = fieldOf(firstOf(value), "error");
  for (const detail of listOf(fieldOf(error, "details"))) {
    const delay = /^(\d+(?:\.\d+)?)s$/.exec(textOf(fieldOf(detail, "retryDelay")) ?? "")?.[1];
    if (delay !== undefined) return whole(Number(delay));
  }
  return undefined;
}
