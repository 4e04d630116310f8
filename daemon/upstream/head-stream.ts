import type { Socket } from "node:net";
import { Duplex } from "node:stream";

const END = Buffer.from("\r\n\r\n");
const CR = 0x0d;
const LF = 0x0a;

/**
 * What `http.request` is given in place of a socket. What it writes goes out; of what comes in, it is given one head
 * after another, each to its blank line. So Node's parser judges every head, as strictly as ever, and the content,
 * which it would copy, is left to whoever takes it.
 */
export interface HeadStream {
  readonly duplex: Duplex;
  /** The last head was not the answer's (103, for one): gives the next one. */
  next(): void;
  /** Lets go of the socket: it is paused behind the head. */
  release(): void;
}

export function headStream(socket: Socket): HeadStream {
  /** How much of END the head ends with. */
  let matched = 0;
  /** The parser passes over empty lines before a head. */
  let hasBegun = false;
  let isReleased = false;

  const duplex = new Duplex({
    read: () => undefined,
    write: (chunk, encoding, done) => socket.write(chunk, encoding, (error) => done(error)),
    destroy(error, done) {
      if (!isReleased) socket.destroy();
      done(error);
    },
  });

  /** Where the head ends in a chunk, behind its blank line; 0 where it goes on. */
  function headEnd(chunk: Buffer): number {
    for (const [at, byte] of chunk.entries()) {
      hasBegun ||= byte !== CR && byte !== LF;
      if (!hasBegun) continue;
      if (byte === END[matched]) matched += 1;
      else matched = byte === CR ? 1 : 0;
      if (matched === END.length) return at + 1;
    }
    return 0;
  }

  function take(chunk: Buffer): void {
    const end = headEnd(chunk);
    if (end === 0) {
      duplex.push(chunk);
      return;
    }
    matched = 0;
    hasBegun = false;
    socket.pause();
    if (end < chunk.length) socket.unshift(chunk.subarray(end));
    duplex.push(chunk.subarray(0, end));
  }

  const finish = () => duplex.push(null);
  const breakOff = (error: Error) => duplex.destroy(error);
  const gone = () => duplex.destroy();
  socket.on("data", take).on("end", finish).on("error", breakOff).on("close", gone);

  return {
    duplex,
    next() {
      socket.resume();
    },
    release() {
      isReleased = true;
      socket.off("data", take).off("end", finish).off("error", breakOff).off("close", gone);
    },
  };
}
