import { Readable } from "node:stream";
import { Failure } from "../../daemon/fail.js";
import { answerOf } from "../../daemon/llm/answer.js";
import type { Dialect, Question, Tool } from "../../daemon/llm/dialect.js";
import { listen } from "../../daemon/llm/listen.js";
import { resolveUpstream } from "../../daemon/upstream/upstream.js";
import { doorOf } from "../../daemon/upstream/upstreams.js";
import type { ChatEvent, Heard } from "./chatting.js";
import { within } from "./deadline.js";

/** Texts that follow one another as one, whoever has cut them. */
function together(events: readonly ChatEvent[]): ChatEvent[] {
  const merged: ChatEvent[] = [];
  for (const event of events) {
    const last = merged.at(-1);
    const isMore = (event.type === "text" || event.type === "reasoning") && last?.type === event.type;
    if (isMore) last.text = `${last.text}${event.text}`;
    else merged.push({ ...event });
  }
  return merged;
}

/** What is heard of an answer that comes in these pieces. */
export async function hear(dialect: Dialect, pieces: readonly Buffer[], tools: readonly Tool[] = []): Promise<Heard> {
  const events: ChatEvent[] = [];
  const provider = {
    name: "lm",
    door: doorOf(resolveUpstream({ name: "lm", url: "http://127.0.0.1:1" })),
    dialect,
    whenDown: (detail: string) => detail,
  };
  const put = (event: ChatEvent) => void events.push(event);
  const heard = listen(
    provider,
    Readable.from(pieces, { objectMode: false }),
    (onEnd) => answerOf({ model: "asked-for", tools }, put, onEnd),
    () => undefined,
  );
  try {
    await within(10, "the end of the answer", heard);
    return { events: together(events) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { events: together(events), problem: error.problem };
  }
}

/** The same answer whole, byte by byte, and in two at every place. */
export function* cuts(answer: string): Generator<readonly [string, readonly Buffer[]]> {
  const bytes = Buffer.from(answer);
  yield ["whole", [bytes]];
  yield ["byte by byte", Array.from(bytes, (_byte, at) => bytes.subarray(at, at + 1))];
  for (let at = 1; at < bytes.length; at += 1) yield [`cut at ${at}`, [bytes.subarray(0, at), bytes.subarray(at)]];
}

/** What a dialect is asked in the tests. */
export function question(more: Partial<Question> = {}): Question {
  return {
    id: "q1",
    model: "tiny",
    messages: [{ role: "user", text: "hello", images: [] }],
    tools: [],
    stop: [],
    ...more,
  };
}

/** A tool that takes a path. */
export const READ: Tool = {
  name: "read",
  description: "Reads a file.",
  parameters: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
};

/** A conversation with everything that may be in one. */
export const CONVERSATION: Question["messages"] = [
  { role: "system", text: "Be brief." },
  { role: "user", text: "What is in it?", images: [{ type: "image/png", base64: "iVBO" }] },
  { role: "assistant", text: "", toolCalls: [{ id: "c1", name: "read", arguments: '{"path":"a"}' }] },
  { role: "tool", text: "a cat", callId: "c1", name: "read" },
  { role: "assistant", text: "A cat.", toolCalls: [] },
  { role: "user", text: "Sure?", images: [] },
];
