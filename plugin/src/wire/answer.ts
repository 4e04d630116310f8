import { misfit } from "../../../shared/check.js";
import { record, type Schema, text } from "../../../shared/schema.js";
import { type AnyProblem, isWireCode, localProblem } from "./problem.js";
import { LUAU_RUNTIME } from "./runtime.js";

/** A problem document longer than this is not one. */
const PROBLEM_BYTES = 16 * 1024;
const PROBLEM = record({ code: text(64), detail: text(4096) }, { at: text(8192), hash: text(64) });

interface Answer {
  readonly StatusCode: number;
  readonly Body: string;
}

function decode(http: HttpService, body: string): unknown {
  const [ok, value] = pcall(() => http.JSONDecode(body));
  return ok ? value : undefined;
}

/** The problem that an answer outside 2xx carries. */
export function problemIn(http: HttpService, answer: Answer): AnyProblem {
  const bounded = answer.Body.size() <= PROBLEM_BYTES ? decode(http, answer.Body) : undefined;
  if (misfit(LUAU_RUNTIME, PROBLEM, bounded) === undefined) {
    const problem = bounded as AnyProblem;
    if (isWireCode(problem.code)) return problem;
  }
  return localProblem("not-puente", `Another program answers on this port: HTTP ${answer.StatusCode}.`);
}

/** The output in a JSON text; throws `wrong-answer`, naming the field, where it does not fit the schema. */
export function decodeOutput(http: HttpService, schema: Schema, json: string): unknown {
  return fitting(schema, decode(http, json));
}

/** A value that fits the schema; throws `wrong-answer`, naming the field, where it does not. */
export function fitting(schema: Schema, value: unknown): unknown {
  const wrong = misfit(LUAU_RUNTIME, schema, value, "answer");
  if (wrong !== undefined) throw localProblem("wrong-answer", wrong);
  return value;
}
