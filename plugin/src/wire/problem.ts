import { PROBLEMS, type Problem, type ProblemCode } from "../../../shared/problem.js";
import { LOCAL_PROBLEMS, type Local, type LocalCode } from "./local-problem.js";

/** What every promise of the plugin rejects with: a problem of the wire, or one of this side. */
export interface AnyProblem {
  readonly code: ProblemCode | LocalCode;
  readonly detail: string;
  readonly at?: string;
  readonly hash?: string;
}

export function localProblem(code: LocalCode, detail?: string): AnyProblem {
  return { code, detail: detail ?? LOCAL_PROBLEMS[code].means };
}

function isProblem(thrown: unknown): thrown is AnyProblem {
  if (!typeIs(thrown, "table")) return false;
  const fields = thrown as { code?: unknown; detail?: unknown };
  return typeIs(fields.code, "string") && typeIs(fields.detail, "string");
}

/** Whatever was thrown, as a problem: an error of Luau becomes a fault of ours. */
export function problemOf(thrown: unknown): AnyProblem {
  return isProblem(thrown) ? thrown : localProblem("fault", tostring(thrown));
}

function localOf(problem: AnyProblem): Local | undefined {
  return (LOCAL_PROBLEMS as { readonly [code: string]: Local | undefined })[problem.code];
}

/** Whether a code is one of the wire's. */
export function isWireCode(code: string): code is ProblemCode {
  return (PROBLEMS as { readonly [code: string]: unknown })[code] !== undefined;
}

/** Of other servers: the detail is what they have said, and what to do about it. */
const TOLD_WHOLE = [
  "^upstream%-",
  "^provider%-busy$",
  "^model%-not%-loaded$",
  "^no%-model$",
  "^context%-too%-long$",
  "^key%-refused$",
];

/** What the user can do about it, or what it means; empty where the detail has said that already. */
export function adviceFor(problem: AnyProblem): string {
  if (TOLD_WHOLE.some((pattern) => problem.code.match(pattern)[0] !== undefined)) return "";
  const text = localOf(problem)?.advice ?? PROBLEMS[problem.code as Problem["code"]].means;
  return text === problem.detail ? "" : text;
}

/** What went wrong and what can be done about it. */
export function explain(problem: AnyProblem): string {
  const advice = adviceFor(problem);
  return advice === "" ? problem.detail : `${problem.detail} ${advice}`;
}

/** The problem as the reason of an absence that is over. */
export function reasonOf(problem: AnyProblem): string {
  return localOf(problem)?.was ?? problem.detail;
}
