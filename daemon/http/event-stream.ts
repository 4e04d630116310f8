import type { ServerResponse } from "node:http";
import type { Problem } from "../../shared/problem.js";
import { EVENTS_TYPE, LIMITS } from "../../shared/protocol.js";
import { END_EVENT, eventText, HEARTBEAT, problemEvent } from "../event-text.js";
import { Failure } from "../fail.js";
import type { OpenStream } from "../stream.js";
import { beginAnswer } from "./answer.js";

/** Resolves once there is room for more, or nobody is there to read it. */
function room(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  response.once("drain", resolve).once("close", resolve);
  return promise.finally(() => response.off("drain", resolve).off("close", resolve));
}

function nameIn(message: string, field: string): string {
  return (JSON.parse(message) as { readonly [name: string]: string })[field] ?? "";
}

/**
 * Messages as server-sent events, each one line of JSON: at the reader's pace, with a comment where there was silence.
 * After the first byte no status can say what went wrong: the last event does, `problem` or `end`. A fault is thrown
 * once the event has said so much.
 * @param named the field of a message that is the name of its event; the last message is then the end.
 */
export async function answerEvents(response: ServerResponse, { body }: OpenStream, named?: string): Promise<void> {
  response.once("close", () => body.destroy());
  beginAnswer(response, 200, EVENTS_TYPE);
  response.flushHeaders();
  const beat = setInterval(() => response.write(HEARTBEAT), LIMITS.eventHeartbeatSeconds * 1000);
  try {
    for await (const message of body as AsyncIterable<string>) {
      beat.refresh();
      if (!response.write(eventText(message, named && nameIn(message, named)))) await room(response);
      if (response.destroyed) return;
    }
    response.end(named === undefined ? END_EVENT : undefined);
  } catch (error) {
    if (response.destroyed) return;
    const problem: Problem =
      error instanceof Failure ? error.problem : { code: "internal", detail: "A fault in the daemon." };
    response.end(problemEvent(problem));
    if (!(error instanceof Failure)) throw error;
  } finally {
    clearInterval(beat);
  }
}
