import type { DrawOp, FromPage, ToPage } from "../screen/protocol.ts";
import type { createScreen } from "../screen/screen.ts";
import type { Message } from "./messages.ts";

/** From the main thread: somebody looks or nobody does, or a page says something. */
export type PageMessage =
  | { readonly watched: boolean }
  | { readonly page: number; readonly said: Exclude<FromPage, { kind: "hello" | "restart" }> };

/** To the main thread, at most once a frame. */
export interface PageNews {
  /** All there is: what pages showed before is void. */
  readonly reset: boolean;
  readonly news: ToPage;
  /** By page, the number of the last text from it that `news` knows of, where it is another than before. */
  readonly heard: Readonly<Record<number, number>>;
}

/** Collects what a page has to be told of a frame, and hands to Luau what pages say. */
export function startPage(
  screen: ReturnType<typeof createScreen>,
  toLuau: (message: Message) => Promise<void>,
  post: (news: PageNews) => void,
) {
  let watched = false;
  let reset = false;
  let news: ToPage = {};
  let focus: DrawOp | undefined;
  let heard: Record<number, number> = {};

  return {
    hear(message: PageMessage) {
      if ("watched" in message) {
        watched = message.watched;
        news = {};
        reset = watched;
        if (watched) screen.watch();
        else screen.unwatch();
        void toLuau({ head: { kind: "watch", watched } });
        return;
      }
      const { page, said } = message;
      const event = said.kind === "type" ? { ...said, ...bytesOf(said) } : said;
      void toLuau({ head: { kind: "act", event } }).then(() => {
        // Not before: a frame that ends meanwhile does not know of it.
        if (said.kind === "type" || said.kind === "edit") heard[page] = said.number;
        if (said.kind === "type") screen.typed(said.id, said.text);
      });
    },
    /** Luau says who has the focus; positions count bytes from 1. */
    focus(head: Message["head"]) {
      const { node, cursor, anchor } = head as unknown as { node: number; cursor: number; anchor: number };
      const text = screen.textOf(node);
      const end = unitsOf(text, cursor);
      const start = anchor < 0 ? end : unitsOf(text, anchor);
      focus = ["focus", node, [Math.min(start, end), Math.max(start, end)]];
    },
    news(more: object) {
      news = { ...news, ...more };
    },
    frame() {
      if (!watched) return;
      const draw = screen.draw();
      if (focus !== undefined) draw.push(focus);
      focus = undefined;
      const all: ToPage = draw.length === 0 ? news : { ...news, draw };
      if (Object.keys(all).length === 0 && !reset) return;
      post({ reset, news: all, heard });
      heard = {};
      news = {};
      reset = false;
    },
  };
}

/** Where the caret and the selection's other end are, in bytes from 1; an anchor of -1 is no selection. */
function bytesOf({ text, start, end }: { text: string; start: number; end: number }) {
  const at = (units: number) => Buffer.byteLength(text.slice(0, units)) + 1;
  return { cursor: at(end), anchor: start === end ? -1 : at(start) };
}

function unitsOf(text: string, position: number): number {
  return Buffer.from(text)
    .subarray(0, Math.max(0, position - 1))
    .toString().length;
}
