import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import type { Browser, BrowserContext, ConsoleMessage, Page, Request } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { openBrowser } from "../support/browser.ts";
import { within } from "../support/deadline.js";
import type { FromPage, ToPage } from "./stand-in/screen/protocol.ts";

const BUILT = join(import.meta.dirname, "..", "..", "dist", "studio");
const KEY = "test-key";
/** As strict as it gets: the page's own files and its own WebSocket. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'";
const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
};

type Kind = FromPage["kind"];
type Message<K extends Kind> = Extract<FromPage, { kind: K }>;

export interface PageScene {
  readonly page: Page;
  /** All that the page has said, the `hello` of its first connection first. */
  readonly heard: readonly FromPage[];
  say(message: ToPage): void;
  /** The first message of a kind, since the last `forget`, of which this is so. */
  hears<K extends Kind>(kind: K, matches?: (message: Message<K>) => boolean): Promise<Message<K>>;
  /** Answers once what was said before is painted. It leaves a mark in the title of the undo button, by which it knows. */
  settled(): Promise<void>;
  forget(): void;
  /** Ends the connection, as a stand-in that is gone. The next one is greeted with `greeting`. */
  dropConnection(greeting: ToPage): void;
  close(): Promise<void>;
}

interface PageOptions {
  readonly only?: string;
  readonly width?: number;
  readonly height?: number;
  /** The code that every connection is closed with instead of being greeted. */
  readonly refuse?: number;
}

/** The built page in a browser, and this test in the place of the stand-in. */
async function openPage(pages: Pages, first: ToPage, options: PageOptions = {}): Promise<PageScene> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const file = pathname === "/" ? "index.html" : pathname.slice(1);
    const body = await readFile(join(BUILT, file)).catch(() => undefined);
    if (body === undefined) return response.writeHead(404).end();
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    return response.writeHead(200, { "content-type": type, "content-security-policy": POLICY }).end(body);
  });
  const sockets = new WebSocketServer({ server, path: "/screen" });
  let socket: WebSocket | undefined;
  let greeting: ToPage = { reset: true, ...first };
  const heard: FromPage[] = [];
  let seen = 0;
  let marks = 0;
  const waiting = new Set<() => void>();
  sockets.on("connection", (opened) => {
    opened.on("message", (data) => {
      const message: FromPage = JSON.parse(String(data));
      heard.push(message);
      if (message.kind === "hello") {
        if (options.refuse !== undefined) return opened.close(options.refuse);
        socket = opened;
        opened.send(JSON.stringify(greeting));
      }
      for (const look of waiting) look();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const page = await pages.take();
  await page.setViewportSize({ width: options.width ?? 1000, height: options.height ?? 700 });
  const faults: string[] = [];
  const onError = (error: Error) => faults.push(String(error));
  const onLine = (line: ConsoleMessage) => {
    const isOfTheNet = /WebSocket/.test(line.text());
    if (line.type() === "error" && !isOfTheNet) faults.push(line.text());
  };
  const onRequest = (request: Request) => {
    if (!request.url().startsWith(origin)) faults.push(`it asks for ${request.url()}`);
  };
  page.on("pageerror", onError).on("console", onLine).on("request", onRequest);
  const query = options.only === undefined ? "" : `?only=${encodeURIComponent(options.only)}`;

  const scene: PageScene = {
    page,
    heard,
    say: (message) => socket?.send(JSON.stringify(message)),
    async hears<K extends Kind>(kind: K, matches: (message: Message<K>) => boolean = () => true) {
      const find = () =>
        heard
          .slice(seen)
          .find((message): message is Message<K> => message.kind === kind && matches(message as Message<K>));
      let look: () => void = () => undefined;
      const found = new Promise<Message<K>>((resolve) => {
        look = () => {
          const message = find();
          if (message !== undefined) resolve(message);
        };
        waiting.add(look);
        look();
      });
      try {
        return await within(5, `the page says ${kind}`, found);
      } finally {
        waiting.delete(look);
      }
    },
    async settled() {
      marks += 1;
      scene.say({ history: { undo: `mark ${marks}` } });
      await page.locator(`[data-history][title="Undo: mark ${marks}"]`).waitFor({ state: "attached", timeout: 5_000 });
      await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))");
    },
    forget() {
      seen = heard.length;
    },
    dropConnection(next) {
      greeting = next;
      socket?.terminate();
    },
    async close() {
      page.off("pageerror", onError).off("console", onLine).off("request", onRequest);
      await pages.giveBack(page);
      for (const open of sockets.clients) open.terminate();
      sockets.close();
      server.close();
      await once(server, "close");
      if (faults.length > 0) throw new Error(`the page has faults: ${faults.join("; ")}`);
    },
  };
  try {
    await page.goto(`${origin}/${query}#key=${KEY}`);
    await page.evaluate("document.fonts.ready.then(() => undefined)");
    await scene.hears("hello");
  } catch (error) {
    await scene.close();
    throw error;
  }
  return scene;
}

interface Pages {
  take(): Promise<Page>;
  giveBack(page: Page): Promise<void>;
}

/** The pages of a browser, used one after another: a new one each time would take most of a test's time. */
function pagesOf(context: BrowserContext): Pages {
  const free: Page[] = [];
  return {
    take: async () => free.pop() ?? (await context.newPage()),
    async giveBack(page) {
      for (const key of ["Shift", "Control", "Alt", "Meta"]) await page.keyboard.up(key);
      await page.mouse.up();
      await page.goto("about:blank");
      free.push(page);
    },
  };
}

/** For a file of tests: one browser, and a way to open pages in it that are closed after each test. */
export function pagesForTests(): (first: ToPage, options?: PageOptions) => Promise<PageScene> {
  let browser: Browser | undefined;
  let pages: Pages | undefined;
  const scenes: PageScene[] = [];
  beforeAll(async () => {
    browser = await openBrowser();
    if (browser !== undefined) pages = pagesOf(await browser.newContext());
  });
  afterEach(async () => {
    for (const scene of scenes.splice(0)) await scene.close();
  });
  afterAll(async () => {
    await browser?.close();
  });
  return async (first, options = {}) => {
    if (pages === undefined) throw new Error("a test that needs a browser is a browserTest");
    const scene = await openPage(pages, first, options);
    scenes.push(scene);
    if (options.refuse === undefined) await scene.settled();
    return scene;
  };
}
