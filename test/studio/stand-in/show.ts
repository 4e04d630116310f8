import type { WebSocket } from "ws";
import type { Studio } from "./index.ts";
import { pageMessage } from "./page-message.ts";
import type { FromPage, OutputLine, ToPage } from "./screen/protocol.ts";
import type { PageNews } from "./worker/page.ts";

const MOST_BEHIND_BYTES = 4 * 1024 * 1024; // that a page has not read yet, beside its last full picture
const MOST_LINES = 5_000; // of output that a new page gets
const FRAME_MS = 16;

/** Answers a Studio that runs; called again for each restart. */
export type StartStudio = () => Promise<Studio>;

interface Page {
  readonly socket: WebSocket;
  readonly number: number;
  /** Bytes of the last full picture: they are no sign of a slow page. */
  fullBytes: number;
  /** Too slow: it gets everything anew once it has read what is on the way. */
  behind: boolean;
}

/** A Studio and the pages that look at it. Every page gets the same; one that comes, or has fallen behind, begins anew. */
export async function startShow(start: StartStudio) {
  const pages = new Set<Page>();
  let serial = 0;
  let studio = await start();
  let lines: OutputLine[] = [];
  let timer: NodeJS.Timeout | undefined;
  /** Why there is no Studio any more. */
  let over: string | undefined;
  let restarting: Promise<void> | undefined;
  let closed = false;

  const send = (page: Page, message: ToPage) => {
    if (page.behind) return;
    const text = JSON.stringify(message);
    if (message.reset) page.fullBytes = Buffer.byteLength(text);
    page.socket.send(text, () => {
      if (!page.behind || page.socket.bufferedAmount > 0) return;
      page.behind = false;
      begin(page);
    });
    page.behind = page.socket.bufferedAmount > page.fullBytes + MOST_BEHIND_BYTES;
  };
  const sendLines = () => {
    clearTimeout(timer);
    timer = undefined;
    const added = lines.slice(-MOST_LINES);
    lines = [];
    if (added.length > 0) for (const page of pages) send(page, { output: added });
  };
  const output = () => studio.output().slice(-MOST_LINES);
  const onNews = ({ reset, news, heard }: PageNews) => {
    sendLines();
    for (const page of pages) {
      const last = heard[page.number];
      const first = reset ? ({ reset: true, output: output() } as const) : {};
      send(page, { ...first, ...news, ...(last === undefined ? {} : { heard: last }) });
    }
  };
  const onLine = (line: OutputLine) => {
    lines.push(line);
    if (lines.length > 2 * MOST_LINES) lines = lines.slice(-MOST_LINES);
    timer ??= setTimeout(sendLines, FRAME_MS);
  };
  /** A page that shows nothing, or what is void. An ended Studio has no picture, only its output. */
  const begin = (page: Page) => {
    if (over === undefined) studio.page.watch(onNews, onLine);
    else send(page, { reset: true, output: output(), ended: over });
  };
  const end = (reason: string) => {
    over = reason;
    sendLines();
    for (const page of pages) send(page, { ended: reason });
  };
  const follow = (followed: Studio) => {
    void followed.ended.then((reason) => {
      if (followed === studio && restarting === undefined && !closed) end(reason.message);
    });
  };
  const restart = async () => {
    await studio.close();
    try {
      const fresh = await start();
      studio = fresh;
      over = undefined;
      follow(fresh);
      if (pages.size > 0) studio.page.watch(onNews, onLine);
    } catch (error) {
      end((error as Error).message);
    }
    restarting = undefined;
  };
  const hear = (page: Page, said: FromPage) => {
    if (said.kind === "restart") {
      if (!closed) restarting ??= restart();
    } else if (said.kind !== "hello") studio.page.say(page.number, said);
  };
  follow(studio);

  return {
    studio: () => studio,
    /** Shows it to one more page, until its connection ends. */
    enter(socket: WebSocket) {
      const page: Page = { socket, number: ++serial, fullBytes: 0, behind: false };
      pages.add(page);
      socket.on("message", (data) => {
        const said = pageMessage(String(data));
        // Our own page does not say what is no message.
        if (said === undefined) socket.terminate();
        else hear(page, said);
      });
      socket.on("close", () => {
        pages.delete(page);
        if (pages.size === 0) studio.page.unwatch();
      });
      begin(page);
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await restarting;
      await studio.close();
    },
  };
}
