import type { ServerResponse } from "node:http";
import { EVENTS_TYPE, LIMITS } from "../../shared/protocol.js";
import { Failure } from "../fail.js";
import type { OpenStream } from "../stream.js";
import { beginAnswer } from "./answer.js";

/** Resolves once there is room for more, or nobody is there to read it. */
function room(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  response.once("drain", resolve).once("close", resolve);
  return promise.finally(() => response.off("drain", resolve).off("close", resolve));
}

/**
 * Messages as server-sent events, each one line of text: at the reader's pace, with a comment where there was silence.
 * After the first byte no status can say what went wrong: the last event does, `problem` or `end`. A fault is thrown
 * once the event has said so much.
 */
export async function answerEvents(response: ServerResponse, { body }: OpenStream): Promise<void> {
  response.once("close", () => body.destroy());
  beginAnswer(response, 200, EVENTS_TYPE);
  response.flushHeaders();
  const beat = setInterval(() => response.write(":\n\n"), LIMITS.eventSilenceSeconds * 1000);
  try {
    for await (const message of body as AsyncIterable<string>) {
      beat.refresh();
      if (!response.write(`data: ${message}\n\n`)) await room(response);
      if (response.destroyed) return;
    }
    response.end("event: end\ndata: {}\n\n");
  } catch (error) {
    if (response.destroyed) return;
    const problem = error instanceof Failure ? error.problem : { code: "internal", detail: "A fault in the daemon." };
    response.end(`event: problem\ndata: ${JSON.stringify(problem)}\n\n`);
    if (!(error instanceof Failure)) throw error;
  } finally {
    clearInterval(beat);
  }
}
