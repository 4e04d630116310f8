import type { Problem } from "../../shared/problem.js";
import { Failure, SHUTTING_DOWN } from "../fail.js";
import type { OpenStream } from "../stream.js";
import type { SocketAsk } from "../upstream/dial.js";
import type { Ask } from "../upstream/request.js";
import type { Upstreams } from "../upstream/upstreams.js";
import { openSse } from "./sse.js";

/** Opens streams to upstreams by name, whoever carries them to the client. The signal ends a stream at any time. */
export interface Relays {
  raw(upstream: string, asked: Ask): Promise<OpenStream>;
  sse(upstream: string, asked: Ask): Promise<OpenStream>;
  socket(upstream: string, asked: SocketAsk): Promise<OpenStream>;
  /** Ends every stream: an event stream by telling so, every other one by breaking off. */
  close(): void;
}

/** @param problemOf what the client of an event stream is told of a failure. */
export function createRelays(upstreams: Upstreams, problemOf: (error: unknown) => Problem): Relays {
  const lives = new Set<AbortController>();

  /** Opens a stream whose signal is aborted by the asker's, and by the daemon's end, for as long as it lives. */
  async function living<Asked extends { readonly signal: AbortSignal }>(
    asked: Asked,
    open: (asked: Asked) => OpenStream | Promise<OpenStream>,
  ): Promise<OpenStream> {
    const life = new AbortController();
    const abort = () => life.abort(asked.signal.reason);
    const release = () => {
      lives.delete(life);
      asked.signal.removeEventListener("abort", abort);
    };
    asked.signal.throwIfAborted();
    lives.add(life);
    asked.signal.addEventListener("abort", abort, { once: true });
    try {
      const stream = await open({ ...asked, signal: life.signal });
      stream.body.once("close", release);
      // Until its carrier listens, a failure has nobody to be told to; a stream that has failed says so to whoever reads it.
      stream.body.on("error", () => undefined);
      return stream;
    } catch (error) {
      release();
      throw error;
    }
  }

  return {
    raw: (upstream, asked) => living(asked, (alive) => upstreams.get(upstream).ask(alive)),
    sse: (upstream, asked) => living(asked, (alive) => openSse(upstreams.get(upstream), alive, problemOf)),
    socket: (upstream, asked) => living(asked, (alive) => upstreams.get(upstream).dial(alive)),
    close() {
      for (const life of lives) life.abort(new Failure(SHUTTING_DOWN));
    },
  };
}
