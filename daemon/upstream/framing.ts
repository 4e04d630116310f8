import type { IncomingMessage } from "node:http";

/** Finds the content of an answer in its bytes, by RFC 9112, section 6. */
export interface Framing {
  /** Puts the content in a chunk of bytes, in pieces of it. Throws MALFORMED where it is not framed as was said. */
  take(chunk: Buffer, put: (content: Buffer) => void): void;
  /** Whether all of the content has come. */
  isComplete(): boolean;
  /** Whether the content ends where the connection does. */
  readonly isOpenEnded: boolean;
}

/** An error as Node's own parser has them. */
const MALFORMED = Object.assign(new Error("the content is not framed as the head said"), { code: "HPE_FRAMING" });
const LF = 0x0a;
const CR = 0x0d;
const SEMICOLON = 0x3b;
/** Of a chunk's size in bytes, its digits. */
const MOST_DIGITS = 12;
/** Bytes of one extension or trailer, which are left out. */
const MOST_LINE = 16 * 1024;

function openEnded(): Framing {
  return { take: (chunk, put) => put(chunk), isComplete: () => false, isOpenEnded: true };
}

function ofLength(length: number): Framing {
  let left = length;
  return {
    take(chunk, put) {
      const content = chunk.length > left ? chunk.subarray(0, left) : chunk;
      left -= content.length;
      if (content.length > 0) put(content);
    },
    isComplete: () => left === 0,
    isOpenEnded: false,
  };
}

function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function chunked(): Framing {
  let state:
    | "size"
    | "extension"
    | "size-end"
    | "content"
    | "content-cr"
    | "content-lf"
    | "trailer"
    | "trailer-end"
    | "over" = "size";
  let left = 0;
  let digits = 0;
  let line = 0;

  function expect(isSo: boolean): void {
    if (!isSo) throw MALFORMED;
  }

  function beginLine(begun: "size" | "trailer"): void {
    state = begun;
    left = 0;
    digits = 0;
    line = 0;
  }

  /** A byte that is none of the content. */
  function step(byte: number): void {
    const digit = digitOf(byte);
    if (state === "size" && digit >= 0) {
      digits += 1;
      left = left * 16 + digit;
      expect(digits <= MOST_DIGITS);
    } else if (state === "size") {
      expect(digits > 0 && (byte === CR || byte === SEMICOLON));
      state = byte === CR ? "size-end" : "extension";
    } else if (state === "extension") {
      line += 1;
      expect(line <= MOST_LINE && byte !== LF);
      if (byte === CR) state = "size-end";
    } else if (state === "size-end") {
      expect(byte === LF);
      if (left > 0) state = "content";
      else beginLine("trailer");
    } else if (state === "content-cr") {
      expect(byte === CR);
      state = "content-lf";
    } else if (state === "content-lf") {
      expect(byte === LF);
      beginLine("size");
    } else if (state === "trailer") {
      expect(line <= MOST_LINE && byte !== LF);
      if (byte === CR) state = "trailer-end";
      else line += 1;
    } else if (state === "trailer-end") {
      expect(byte === LF);
      if (line === 0) state = "over";
      else beginLine("trailer");
    }
  }

  return {
    take(chunk, put) {
      let at = 0;
      while (at < chunk.length && state !== "over") {
        if (state !== "content") {
          step(chunk[at] as number);
          at += 1;
          continue;
        }
        const content = chunk.subarray(at, at + left);
        at += content.length;
        left -= content.length;
        if (left === 0) state = "content-cr";
        put(content);
      }
    },
    isComplete: () => state === "over",
    isOpenEnded: false,
  };
}

/** @param answer whose head Node's parser has found good: of length and encoding it has at most one. */
export function framingOf({ statusCode = 0, headers }: IncomingMessage, method: string): Framing {
  if (method === "HEAD" || statusCode === 204 || statusCode === 304) return ofLength(0);
  if (headers["transfer-encoding"] !== undefined) return chunked();
  const length = headers["content-length"];
  return length === undefined ? openEnded() : ofLength(Number(length));
}
