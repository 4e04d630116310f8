import { type AnyProblem, localProblem } from "./problem.js";

/** A line or an event that is longer is not waited for. */
const MOST_BYTES = 1024 * 1024;
const BOM = "\u{FEFF}";

/** Takes what a stream hands over, cut anywhere. */
interface FrameReader {
  feed(bytes: string): void;
  /** The stream has ended: what has no end is handed on by a line reader, and dropped by an event reader. */
  finish(): void;
}

interface LineReaderOptions {
  /** A line without its end, which is CR, LF or both. */
  readonly onLine: (line: string) => void;
  /** More bytes than `mostBytes` came without an end; nothing is read any more. */
  readonly onProblem: (problem: AnyProblem) => void;
  /** 1 MiB if absent. */
  readonly mostBytes?: number;
}

/** Whole lines out of reads that are cut anywhere, also between CR and LF and inside of a character. */
export function createLineReader({ onLine, onProblem, mostBytes = MOST_BYTES }: LineReaderOptions): FrameReader {
  let pieces: string[] = [];
  let bytes = 0;
  let endedByCr = false;
  let failed = false;

  /** Whether so many bytes more may wait for their end. */
  function fits(more: number): boolean {
    bytes += more;
    if (bytes <= mostBytes) return true;
    failed = true;
    pieces = [];
    onProblem(localProblem("frame-too-long", `More than ${mostBytes} bytes without an end.`));
    return false;
  }

  function complete(last: string): void {
    bytes = 0;
    if (pieces.isEmpty()) {
      onLine(last);
      return;
    }
    pieces.push(last);
    const line = pieces.join("");
    pieces = [];
    onLine(line);
  }

  return {
    feed(read) {
      let at = 1;
      const size = read.size();
      if (endedByCr && size > 0) {
        if (read.byte(1)[0] === 10) at = 2;
        endedByCr = false;
      }
      // One plain character is found several times faster than one of a set.
      const ends = read.find("\r", at, true)[0] === undefined ? "\n" : "[\r\n]";
      while (at <= size && !failed) {
        const [found] = read.find(ends, at);
        const piece = read.sub(at, found === undefined ? size : found - 1);
        if (!fits(piece.size())) return;
        if (found === undefined) {
          pieces.push(piece);
          return;
        }
        const isCr = read.byte(found)[0] === 13;
        at = found + 1;
        if (isCr && at > size) endedByCr = true;
        else if (isCr && read.byte(at)[0] === 10) at += 1;
        complete(piece);
      }
    },
    finish() {
      if (!failed && !pieces.isEmpty()) complete("");
    },
  };
}

/** An event as the HTML standard has it. */
interface StreamEvent {
  /** `message` where the stream does not say. */
  readonly event: string;
  readonly data: string;
  /** The last id that the stream has said, `""` before the first. */
  readonly id: string;
}

interface EventReaderOptions {
  readonly onEvent: (event: StreamEvent) => void;
  /** A comment, such as a heartbeat, without its colon. */
  readonly onComment?: (comment: string) => void;
  /** The stream asks for so many milliseconds before a new try. */
  readonly onRetry?: (milliseconds: number) => void;
  /** One line or one event is longer than `mostBytes`; nothing is read any more. */
  readonly onProblem: (problem: AnyProblem) => void;
  /** 1 MiB if absent. */
  readonly mostBytes?: number;
}

/** Whole server-sent events out of reads that are cut anywhere. */
export function createEventReader(options: EventReaderOptions): FrameReader {
  const { onEvent, onComment, onRetry, onProblem, mostBytes = MOST_BYTES } = options;
  let data: string[] = [];
  let bytes = 0;
  let event = "";
  let id = "";
  let head: string | undefined = "";
  let failed = false;

  function fail(problem: AnyProblem): void {
    failed = true;
    data = [];
    onProblem(problem);
  }

  function take(field: string, value: string): void {
    if (field === "data") {
      data.push(value);
      bytes += value.size() + 1;
      if (bytes > mostBytes) fail(localProblem("frame-too-long", `An event of more than ${mostBytes} bytes.`));
    } else if (field === "event") event = value;
    else if (field === "id" && value.find("\0", 1, true)[0] === undefined) id = value;
    else if (field === "retry" && value.match("^%d+$")[0] !== undefined) onRetry?.(tonumber(value) ?? 0);
  }

  function dispatch(): void {
    const name = event === "" ? "message" : event;
    event = "";
    if (data.isEmpty()) return;
    const ready = data.join("\n");
    data.clear();
    bytes = 0;
    onEvent({ event: name, data: ready, id });
  }

  const lines = createLineReader({
    mostBytes,
    onProblem: fail,
    onLine: (line) => {
      if (failed) return;
      if (line === "") {
        dispatch();
        return;
      }
      const [colon] = line.find(":", 1, true);
      if (colon === undefined) take(line, "");
      else if (colon === 1) onComment?.(line.sub(2));
      else {
        const start = line.byte(colon + 1)[0] === 32 ? colon + 2 : colon + 1;
        take(line.sub(1, colon - 1), line.sub(start));
      }
    },
  });

  return {
    feed(read) {
      if (failed) return;
      if (head === undefined) {
        lines.feed(read);
        return;
      }
      // A byte order mark before the first line is none of it, and may come in three reads.
      head += read;
      if (head.size() < BOM.size() && BOM.sub(1, head.size()) === head) return;
      const begun = head;
      head = undefined;
      lines.feed(begun.sub(1, BOM.size()) === BOM ? begun.sub(BOM.size() + 1) : begun);
    },
    finish() {
      // What has no blank line after it is no event.
      failed = true;
      data = [];
    },
  };
}
