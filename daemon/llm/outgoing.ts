import { Readable } from "node:stream";
import type { Output } from "../../shared/contract/index.js";

export type ChatEvent = Output<"llm/chat">;

/** What waits before the provider is asked to wait. */
const HELD_LETTERS = 64 * 1024;
/** Of a text that is put together from several. */
const MERGED_LETTERS = 16 * 1024;

/** What a chat tells, on its way to the reader: at the reader's pace, and texts that wait together in one message. */
export interface Outgoing {
  /** Messages as the contract has them, one a chunk. */
  readonly body: Readable;
  /** What is put is sent by the next flush, together with what is put before it. */
  put(event: ChatEvent): void;
  flush(): void;
  /** Called each time there is room again. */
  onRoom(act: () => void): void;
  /** Whether the provider has to wait for the reader. */
  isFull(): boolean;
  /** Ends it behind what was put; with an error, where it failed. */
  end(error?: Error): void;
}

function lettersOf({ text = "", arguments: written = "" }: ChatEvent): number {
  return text.length + written.length;
}

export function createOutgoing(): Outgoing {
  const waiting: ChatEvent[] = [];
  let letters = 0;
  let hasRoom = false;
  let wasFull = false;
  let roomMade = () => {};
  let ended: { readonly error?: Error | undefined } | undefined;

  const body = new Readable({
    objectMode: true,
    highWaterMark: 1,
    read() {
      hasRoom = true;
      flush();
    },
  });

  function flush(): void {
    while (hasRoom) {
      const event = waiting.shift();
      if (event === undefined) break;
      letters -= lettersOf(event);
      hasRoom = body.push(JSON.stringify(event));
    }
    if (wasFull && letters < HELD_LETTERS) {
      wasFull = false;
      roomMade();
    }
    if (ended !== undefined && waiting.length === 0 && hasRoom) {
      hasRoom = false;
      if (ended.error === undefined) body.push(null);
      else body.destroy(ended.error);
    }
  }

  return {
    body,
    put(event) {
      if (ended !== undefined) return;
      letters += lettersOf(event);
      const last = waiting.at(-1);
      if (last?.type === "loading" && event.type === "loading") waiting.pop();
      const isMore = (event.type === "text" || event.type === "reasoning") && last?.type === event.type;
      if (isMore && lettersOf(last) < MERGED_LETTERS) last.text = `${last.text}${event.text}`;
      else waiting.push(event);
    },
    flush,
    onRoom(act) {
      roomMade = act;
    },
    isFull() {
      wasFull = letters >= HELD_LETTERS;
      return wasFull;
    },
    end(error) {
      ended ??= { error };
      flush();
    },
  };
}
