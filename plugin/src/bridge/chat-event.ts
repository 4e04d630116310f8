import { localProblem } from "../wire/problem.js";

/** A tool that the model wants to be used. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON of an object, as the model wrote it. */
  readonly arguments: string;
  /** Why it cannot be carried out: there is no such tool, or the arguments are not what it takes. */
  readonly invalid?: string;
}

/** What a model tells of its answer. */
export type ChatEvent =
  /** Nothing yet: so many seconds since it was asked. */
  | { readonly type: "loading"; readonly seconds: number }
  /** It answers: its name, as its provider says it. */
  | { readonly type: "start"; readonly model: string }
  /** What came of the answer, or of what the model thinks. */
  | { readonly type: "text" | "reasoning"; readonly text: string }
  | ({ readonly type: "tool-call" } & ToolCall)
  /** As far as the provider tells. */
  | { readonly type: "usage"; readonly inputTokens?: number; readonly outputTokens?: number }
  | { readonly type: "end"; readonly reason: "stop" | "length" | "tool-calls" | "refused" };

/** The fields that each event has beyond what its schema says. */
const NEEDED = {
  loading: ["seconds"],
  start: ["model"],
  text: ["text"],
  reasoning: ["text"],
  "tool-call": ["id", "name", "arguments"],
  usage: [],
  end: ["reason"],
} as const satisfies { readonly [Type in ChatEvent["type"]]: readonly string[] };

/** A message of the daemon's that fits the schema, as an event. Throws `wrong-answer` where it lacks a field. */
export function chatEvent(told: unknown): ChatEvent {
  const event = told as ChatEvent;
  for (const field of NEEDED[event.type]) {
    if ((told as { readonly [name: string]: unknown })[field] === undefined) {
      throw localProblem("wrong-answer", `answer: ${field} of ${event.type} is missing`);
    }
  }
  return event;
}
