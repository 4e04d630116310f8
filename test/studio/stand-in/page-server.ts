import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type WebSocket, WebSocketServer } from "ws";
import type { Studio } from "./index.ts";
import { pageMessage } from "./page-message.ts";
import type { FromPage, OutputLine, ToPage } from "./screen/protocol.ts";
import type { PageNews } from "./worker/page.ts";

const BUILT = fileURLToPath(new URL("../../../dist/studio/", import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
};
const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};
const HELLO_MS = 5_000; // in which a connection has to show the key
const MOST_BYTES = 4 * 1024 * 1024; // of one message, and of what a slow page has not read yet
const MOST_LINES = 5_000; // of output that a new page gets
const FRAME_MS = 16;

/** Answers a Studio that runs; called again for each restart. */
export type StartStudio = () => Promise<Studio>;

export interface StudioPage {
  /** With the key that lets a page in. */
  readonly url: string;
  studio(): Studio;
  close(): Promise<void>;
}

interface Page {
  readonly socket: WebSocket;
  readonly number: number;
  /** Too slow: it gets everything anew once it has read what is on the way. */
  behind: boolean;
}

/**
 * Shows a Studio to browsers on this machine. Only a page of this very origin that has the key gets in. Rejects where
 * the page has not been built.
 */
export async function servePage(start: StartStudio, port = 0): Promise<StudioPage> {
  const files = builtFiles();
  const key = randomBytes(16).toString("hex");
  const server = createServer((request, response) => answer(files, request, response));
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES, perMessageDeflate: false });
  const pages = new Set<Page>();
  let serial = 0;
  let studio = await start();
  let lines: OutputLine[] = [];
  let timer: NodeJS.Timeout | undefined;
  let restarting = false;

  const send = (page: Page, message: ToPage) => {
    if (page.behind) return;
    page.socket.send(JSON.stringify(message), () => {
      if (!page.behind || page.socket.bufferedAmount > 0) return;
      page.behind = false;
      watch();
    });
    page.behind = page.socket.bufferedAmount > MOST_BYTES;
  };
  const sendLines = () => {
    clearTimeout(timer);
    timer = undefined;
    const added = lines.slice(-MOST_LINES);
    lines = [];
    if (added.length > 0) for (const page of pages) send(page, { output: added });
  };
  const onNews = ({ reset, news, heard }: PageNews) => {
    sendLines();
    for (const page of pages) {
      const last = heard[page.number];
      const start = reset ? ({ reset: true, output: studio.output().slice(-MOST_LINES) } as const) : {};
      send(page, { ...start, ...news, ...(last === undefined ? {} : { heard: last }) });
    }
  };
  const onLine = (line: OutputLine) => {
    lines.push(line);
    if (lines.length > 2 * MOST_LINES) lines = lines.slice(-MOST_LINES);
    timer ??= setTimeout(sendLines, FRAME_MS);
  };
  const watch = () => studio.page.watch(onNews, onLine);
  const follow = (followed: Studio) => {
    void followed.ended.then((reason) => {
      if (followed !== studio || restarting) return;
      sendLines();
      for (const page of pages) send(page, { ended: reason.message });
    });
  };
  const restart = async () => {
    if (restarting) return;
    restarting = true;
    await studio.close();
    try {
      studio = await start();
      follow(studio);
      watch();
    } catch (error) {
      for (const page of pages) send(page, { ended: (error as Error).message });
    }
    restarting = false;
  };
  follow(studio);

  const hear = (page: Page, said: FromPage) => {
    if (said.kind === "restart") void restart();
    else if (said.kind !== "hello") studio.page.say(page.number, said);
  };
  const enter = (socket: WebSocket) => {
    const page: Page = { socket, number: ++serial, behind: false };
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
    watch();
  };

  sockets.on("connection", (socket: WebSocket) => {
    const late = setTimeout(() => socket.terminate(), HELLO_MS);
    socket.on("error", () => socket.terminate());
    socket.once("close", () => clearTimeout(late));
    socket.once("message", (data) => {
      clearTimeout(late);
      const said = pageMessage(String(data));
      if (said?.kind === "hello" && said.key === key) enter(socket);
      else socket.close(4401, "wrong key");
    });
  });
  server.on("upgrade", (request, socket, head) => {
    const own = request.headers.origin === `http://${request.headers.host}`;
    if (!own || !isOwnHost(request) || request.url !== "/screen") return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit("connection", opened, request));
  });

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/#key=${key}`,
    studio: () => studio,
    async close() {
      clearTimeout(timer);
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await studio.close();
    },
  };
}

/** A name that was bound to 127.0.0.1 elsewhere is not ours. */
function isOwnHost(request: IncomingMessage): boolean {
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? "");
}

/** By URL path. All of them are read at the start: a request never names a file. */
function builtFiles(): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(BUILT, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(`/${relative(BUILT, path).replaceAll("\\", "/")}`, readFileSync(path));
  }
  const index = files.get("/index.html");
  if (index === undefined) throw new Error("the page is not built: npm run build");
  return files.set("/", index);
}

function answer(files: ReadonlyMap<string, Buffer>, request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? "").replace(/[?#].*$/, "");
  const file = files.get(path);
  const isRead = request.method === "GET" || request.method === "HEAD";
  const status = !isOwnHost(request) ? 403 : !isRead ? 405 : file === undefined ? 404 : 200;
  if (status !== 200 || file === undefined) {
    response.writeHead(status, HEADERS).end();
    return;
  }
  response.writeHead(200, {
    ...HEADERS,
    "content-type": TYPES[extname(path) || ".html"] ?? "application/octet-stream",
    "content-length": file.length,
    "cache-control": "no-store",
  });
  response.end(request.method === "HEAD" ? undefined : file);
}
