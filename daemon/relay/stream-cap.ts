import { randomBytes } from "node:crypto";
import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";
import type { HeldStream, OpenStream } from "../stream.js";

/** Who holds a stream open, outside of the link. */
export interface Holder {
  readonly token: string;
  readonly operation: HeldStream["operation"];
  readonly upstream: string;
  /** What has been sent to the client. */
  bytes(): number;
}

/** Studio keeps six streams at once, of all its plugins; a seventh would fail there in a way that nobody understands. */
export interface StreamCap {
  /** Opens a stream in a place that is free again once it is over. Fails, and opens nothing, with `too-many-streams`, naming those that hold the places, or `daemon-busy`. */
  hold(holder: Holder, open: () => Promise<OpenStream>): Promise<OpenStream>;
  /** The streams of one token, the oldest first. */
  of(token: string): HeldStream[];
}

function rowOf(id: string, { operation, upstream, bytes }: Holder, sinceMs: number): HeldStream {
  return { id, operation, upstream, openSeconds: Math.floor((Date.now() - sinceMs) / 1000), bytes: bytes() };
}

/** @param perToken streams that one token may hold. */
export function createStreamCap(perToken: number): StreamCap {
  const held = new Map<string, { readonly holder: Holder; readonly sinceMs: number }>();

  function rowsOf(token: string): HeldStream[] {
    const own = [...held].filter(([, { holder }]) => holder.token === token);
    return own.map(([id, { holder, sinceMs }]) => rowOf(id, holder, sinceMs));
  }

  return {
    async hold(holder, open) {
      const rows = rowsOf(holder.token);
      if (rows.length >= perToken) {
        const names = rows.map(
          ({ id, operation, upstream, openSeconds }) => `${operation} ${upstream} (${id}, ${openSeconds} s)`,
        );
        fail("too-many-streams", `This token holds ${perToken} streams already: ${names.join(", ")}.`);
      }
      if (held.size >= LIMITS.allStreams) fail("daemon-busy", `The daemon holds ${LIMITS.allStreams} streams already.`);
      const id = randomBytes(4).toString("hex");
      held.set(id, { holder, sinceMs: Date.now() });
      const release = () => held.delete(id);
      try {
        const stream = await open();
        stream.body.once("close", release);
        return stream;
      } catch (error) {
        release();
        throw error;
      }
    },
    of: rowsOf,
  };
}
