import { Readable } from "node:stream";
import type { Problem } from "../../shared/problem.js";
import { EVENTS_TYPE, LIMITS } from "../../shared/protocol.js";
import { END_EVENT, HEARTBEAT, problemEvent } from "../event-text.js";
import { Failure } from "../fail.js";
import type { OpenStream } from "../stream.js";
import type { Answer, Ask } from "../upstream/request.js";
import { textStart } from "../upstream/text-start.js";
import type { Door } from "../upstream/upstreams.js";
import { cutEvents, type EventTransform } from "./event-cut.js";
import { guessedEvents, lineEvents } from "./text-events.js";

const LINES = /^application\/(?:x-ndjson|ndjson|jsonl|x-jsonl|jsonlines|x-jsonlines|json-lines|json-seq)$/;
const BUFFERED_BYTES = 64 * 1024;
const OVER = new Failure({ code: "upstream-failed", detail: "The stream is over." });

/** How bytes of a content type become events. */
function transformOf({ headers }: Answer): EventTransform {
  const type =
    headers
      .find(([name]) => name === "content-type")?.[1]
      .split(";")[0]
      ?.trim()
      .toLowerCase() ?? "";
  if (type === EVENTS_TYPE) return cutEvents();
  return LINES.test(type) ? lineEvents() : guessedEvents();
}

/**
 * An event stream, whatever the upstream answers, and at once, so that its reader hears something while a model thinks.
 * What goes wrong after that is an event too, because the status has been sent, and Studio hides the body of an error.
 * @param problemOf what the client is told of a failure.
 */
export function openSse(door: Door, asked: Ask, problemOf: (error: unknown) => Problem): OpenStream {
  const life = new AbortController();
  // A path that is none is refused here, before there is a stream.
  const answered = door.ask({ ...asked, signal: life.signal });
  let source: Readable | undefined;
  let isOver = false;

  const body = new Readable({
    highWaterMark: BUFFERED_BYTES,
    read: () => source?.resume(),
    destroy(error, done) {
      settle();
      done(error);
    },
  });
  const heartbeat = setTimeout(() => {
    if (body.readableLength === 0) put(HEARTBEAT);
    else heartbeat.refresh();
  }, LIMITS.eventHeartbeatSeconds * 1000);

  /** Lets go of everything but what has been put. */
  function settle(): void {
    isOver = true;
    clearTimeout(heartbeat);
    asked.signal.removeEventListener("abort", dismiss);
    life.abort(OVER);
    source?.destroy();
  }

  function put(bytes: Buffer | string): void {
    if (isOver || bytes.length === 0) return;
    heartbeat.refresh();
    if (!body.push(bytes)) source?.pause();
  }

  function finish(problem?: Problem): void {
    if (isOver) return;
    if (problem !== undefined) put(problemEvent(problem));
    put(END_EVENT);
    body.push(null);
    settle();
  }

  function breakOff(error: unknown): void {
    if (!isOver) finish(problemOf(error));
  }

  /** The daemon's end is told; a client that has gone, or may not listen any more, is told nothing. */
  function dismiss(): void {
    const { reason } = asked.signal;
    if (reason instanceof Failure && reason.problem.code === "shutting-down") finish(reason.problem);
    else body.destroy(reason);
  }

  async function tellError({ status, body: errorBody }: Answer): Promise<void> {
    const text = await textStart(errorBody);
    finish({ code: "upstream-error", detail: `The upstream ${door.name} answered ${status}.`, status, body: text });
  }

  function relay(answer: Answer): void {
    source = answer.body;
    if (answer.status >= 400) {
      tellError(answer).catch(breakOff);
      return;
    }
    const events = transformOf(answer);
    source.on("data", (chunk: Buffer) => {
      try {
        for (const piece of events.take(chunk)) put(piece);
      } catch (error) {
        breakOff(error);
      }
    });
    source.on("end", () => {
      for (const piece of events.end()) put(piece);
      finish();
    });
    source.on("error", breakOff);
  }

  asked.signal.addEventListener("abort", dismiss, { once: true });
  answered.then(relay).catch(breakOff);
  return { status: 200, headers: [["content-type", EVENTS_TYPE]], body };
}
