import type { Problem } from "../shared/problem.js";

const NEWLINE = /\r\n|\r|\n/;

/** One event of an event stream; every line of `data` becomes a data line of its own. */
export function eventText(data: string, name?: string): string {
  const lines = data.split(NEWLINE).map((line) => `data: ${line}\n`);
  return `${name === undefined ? "" : `event: ${name}\n`}${lines.join("")}\n`;
}

/** A comment, sent after LIMITS.eventHeartbeatSeconds of silence. */
export const HEARTBEAT = ":\n\n";

/** Says that nothing more comes. */
export const END_EVENT = eventText("{}", "end");

export function problemEvent(problem: Problem): string {
  return eventText(JSON.stringify(problem), "problem");
}
