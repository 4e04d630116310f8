import type { Readable } from "node:stream";
import { fail } from "../fail.js";
import type { Answer } from "../upstream/request.js";
import { textStart } from "../upstream/text-start.js";
import { clip } from "./clip.js";
import type { Hearer } from "./dialect.js";
import { incomingOf } from "./incoming.js";
import { fieldOf, jsonOf } from "./loose.js";
import type { Provider } from "./provider.js";
import { type Complain, complaintIn, troubleOf } from "./trouble.js";

const TYPES = {
  events: /^text\/event-stream\s*(?:;|$)/i,
  lines: /^application\/(?:x-)?(?:ndjson|jsonlines|jsonl)\s*(?:;|$)/i,
} as const;

/** Of a content type that is told. */
const TYPE_BYTES = 128;

/** Last message of an event stream in OpenAI's dialect. */
const DONE = "[DONE]";

/** Fails where an answer is no stream; some say so with the status 200 what is wrong. */
export async function checkStream({ name, door, dialect }: Provider, { headers, body }: Answer): Promise<void> {
  const type = headers.find(([header]) => header === "content-type")?.[1] ?? "";
  if (TYPES[dialect.framing].test(type)) return;
  const complaint = complaintIn(jsonOf(await textStart(body)));
  if (complaint !== undefined) throw troubleOf(complaint, { name, conceal: door.conceal });
  const told = type === "" ? "something without a type" : clip(door.conceal(type), TYPE_BYTES);
  fail("upstream-failed", `${name} answered ${told} instead of a stream.`);
}

/**
 * Reads an answer and tells it to the hearer. Resolves once it is whole, and fails where it ends before, or cannot be read.
 * @param hearing makes the hearer; its argument is called once the answer is whole. @param onRead called after each piece.
 */
export function listen(
  { name, door, dialect }: Provider,
  body: Readable,
  hearing: (onEnd: () => void) => Hearer,
  onRead: () => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const settle = (act: () => void) => {
      isOver = true;
      act();
    };
    const complain: Complain = (complaint) => {
      throw troubleOf(complaint, { name, conceal: door.conceal });
    };
    const reader = dialect.reader(
      hearing(() => settle(resolve)),
      complain,
    );

    function take(text: string): void {
      if (isOver) return;
      const message = text === DONE ? text : jsonOf(text);
      if (message === undefined) fail("upstream-failed", `${name} sent something that is not JSON.`);
      if (fieldOf(message, "error") || fieldOf(message, "object") === "error") {
        complain(complaintIn(message) ?? { message: "an error without a message", kind: "" });
      }
      reader.take(message);
    }

    const incoming = incomingOf(name, dialect.framing, take);
    const attempt = (act: () => void) => {
      try {
        if (!isOver) act();
      } catch (error) {
        settle(() => reject(error));
      }
    };
    body.on("data", (chunk: Buffer) => {
      attempt(() => incoming.take(chunk));
      onRead();
    });
    body.on("end", () => {
      attempt(() => {
        incoming.end();
        if (!isOver) reader.close();
        if (!isOver) fail("upstream-failed", `${name} broke off before its answer was whole.`);
      });
      onRead();
    });
    body.on("error", reject);
  });
}
