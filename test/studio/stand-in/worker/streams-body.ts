const CHUNK_SIZE = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?$/i;
const MAX_LINE_BYTES = 65_536;
const LF = 10;

/** A body's bytes without their framing, read by read. Throws where the framing is none. */
export interface BodyReader {
  /** Answers what of the read is content. */
  feed(read: Buffer): Buffer;
  /** Whether the whole of it has come. */
  isWhole(): boolean;
  /** Whether it may end with the connection. */
  endsWithConnection: boolean;
}

export function noBody(): BodyReader {
  return { feed: () => Buffer.alloc(0), isWhole: () => true, endsWithConnection: true };
}

export function untilTheEnd(): BodyReader {
  return { feed: (read) => read, isWhole: () => false, endsWithConnection: true };
}

export function counted(length: number): BodyReader {
  let left = length;
  return {
    feed(read) {
      const content = read.subarray(0, left);
      left -= content.length;
      return content;
    },
    isWhole: () => left === 0,
    endsWithConnection: false,
  };
}

export function chunked(): BodyReader {
  let part: "size" | "content" | "break" | "trailer" | "whole" = "size";
  let left = 0;
  let line = Buffer.alloc(0);

  /** The next whole line of the read, from `at`; what is not whole yet is kept for the next read. */
  const lineAt = (read: Buffer, at: number): { text: string; next: number } | undefined => {
    const end = read.indexOf(LF, at);
    line = Buffer.concat([line, read.subarray(at, end < 0 ? read.length : end)]);
    if (line.length > MAX_LINE_BYTES) throw new Error("a line of the chunked body is too long");
    if (end < 0) return undefined;
    const text = line.toString("latin1").replace(/\r$/, "");
    line = Buffer.alloc(0);
    return { text, next: end + 1 };
  };

  const afterLine = (text: string): void => {
    if (part === "break") {
      if (text !== "") throw new Error("a chunk is longer than it says");
      part = "size";
    } else if (part === "trailer") {
      if (text === "") part = "whole";
    } else {
      const size = CHUNK_SIZE.exec(text)?.[1];
      if (size === undefined) throw new Error("a chunk has no size");
      left = Number.parseInt(size, 16);
      part = left === 0 ? "trailer" : "content";
    }
  };

  return {
    feed(read) {
      const content: Buffer[] = [];
      let at = 0;
      while (at < read.length && part !== "whole") {
        if (part === "content") {
          const piece = read.subarray(at, at + left);
          content.push(piece);
          at += piece.length;
          left -= piece.length;
          if (left === 0) part = "break";
          continue;
        }
        const found = lineAt(read, at);
        if (found === undefined) break;
        at = found.next;
        afterLine(found.text);
      }
      return Buffer.concat(content);
    },
    isWhole: () => part === "whole",
    endsWithConnection: false,
  };
}
