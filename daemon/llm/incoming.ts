import { createParser } from "eventsource-parser";
import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";

/** Divides a provider's bytes into messages, wherever the bytes are cut. Both fail where they are no UTF-8, and where a message does not end. */
export interface Incoming {
  take(chunk: Buffer): void;
  /** The bytes have ended. */
  end(): void;
}

function divideLines(onMessage: (text: string) => void): { feed(text: string): void; end(): void } {
  const held: string[] = [];
  const put = (line: string) => {
    if (line.trim() !== "") onMessage(line);
  };
  return {
    feed(text) {
      const lines = text.split("\n");
      const last = lines.pop() ?? "";
      for (const line of lines) put(held.length === 0 ? line : held.splice(0).join("") + line);
      if (last !== "") held.push(last);
    },
    end: () => put(held.splice(0).join("")),
  };
}

function divideEvents(onMessage: (text: string) => void): { feed(text: string): void; end(): void } {
  const parser = createParser({ onEvent: ({ data }) => onMessage(data) });
  // An event without its blank line is none, as every reader of events has it.
  return { feed: parser.feed, end: () => undefined };
}

/** @param onMessage given the text of each event or line. */
export function incomingOf(name: string, framing: "events" | "lines", onMessage: (text: string) => void): Incoming {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let bytes = 0;
  const divide = framing === "lines" ? divideLines : divideEvents;
  const divided = divide((text) => {
    bytes = 0;
    onMessage(text);
  });

  function decode(chunk?: Buffer): string {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      return fail("upstream-failed", `${name} sent something that is not UTF-8 text.`);
    }
  }

  return {
    take(chunk) {
      divided.feed(decode(chunk));
      bytes += chunk.length;
      if (bytes > LIMITS.chatBytes) fail("too-large", `${name} sent a message longer than ${LIMITS.chatBytes} bytes.`);
    },
    end() {
      divided.feed(decode());
      divided.end();
    },
  };
}
