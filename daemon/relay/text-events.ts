import { StringDecoder } from "node:string_decoder";
import { LIMITS } from "../../shared/protocol.js";
import { eventText } from "../event-text.js";
import { fail } from "../fail.js";
import type { EventTransform } from "./event-cut.js";

/** Each line becomes an event as soon as its end has come; empty ones are left out. */
export function lineEvents(): EventTransform {
  const decoder = new StringDecoder("utf8");
  let held = "";
  const eventsOf = (lines: string[]) => [
    Buffer.from(
      lines
        .map((line) => line.replace(/\r$/, ""))
        .filter((line) => line.trim() !== "")
        .map((line) => eventText(line))
        .join(""),
    ),
  ];
  return {
    take(chunk) {
      const text = decoder.write(chunk);
      // What is held has no end; it is not looked through again with each chunk.
      const lines = text.includes("\n") ? (held + text).split("\n") : [held + text];
      held = lines.pop() ?? "";
      if (held.length > LIMITS.eventBytes)
        fail("too-large", `The upstream sent a line longer than ${LIMITS.eventBytes} bytes.`);
      return eventsOf(lines);
    },
    end: () => eventsOf([held + decoder.end()]),
  };
}

/** Each chunk becomes an event as it comes, cut neither inside of a character nor of a CRLF. */
export function chunkEvents(): EventTransform {
  const decoder = new StringDecoder("utf8");
  let held = "";
  const eventOf = (text: string) => [Buffer.from(text === "" ? "" : eventText(text))];
  return {
    take(chunk) {
      const text = held + decoder.write(chunk);
      held = text.endsWith("\r") ? "\r" : "";
      return eventOf(held === "" ? text : text.slice(0, -1));
    },
    end: () => eventOf(held + decoder.end()),
  };
}

function isJson(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object";
  } catch {
    return false;
  }
}

/** Whether text that begins so is made of JSON lines; of a first line that has no end yet, its first character decides. */
function looksLikeLines(start: string): boolean {
  const end = start.indexOf("\n");
  return end < 0 ? /^\s*[{[]/.test(start) : isJson(start.slice(0, end));
}

/** Text that does not say what it is: JSON lines where it begins like them, otherwise chunks. */
export function guessedEvents(): EventTransform {
  let transform: EventTransform | undefined;
  return {
    take(chunk) {
      transform ??= looksLikeLines(chunk.toString()) ? lineEvents() : chunkEvents();
      return transform.take(chunk);
    },
    end: () => transform?.end() ?? [],
  };
}
