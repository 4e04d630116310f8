import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type WebSocket, WebSocketServer } from "ws";
import type { Studio } from "./index.ts";
import { pageMessage } from "./page-message.ts";
import { type StartStudio, startShow } from "./show.ts";

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
const MOST_BYTES = 4 * 1024 * 1024; // of one message of a page
const WRONG_KEY = 4401; // a close code of ours, which the page knows

export interface StudioPage {
  /** With the key that lets a page in. */
  readonly url: string;
  studio(): Studio;
  close(): Promise<void>;
}

/**
 * Shows a Studio to browsers on this machine. Only a page of this very origin that has the key gets in. Rejects where
 * the page has not been built, the port is taken, or Studio does not start; then nothing is left running.
 */
export async function servePage(start: StartStudio, port = 0): Promise<StudioPage> {
  const files = builtFiles();
  const key = randomBytes(16).toString("hex");
  const server = createServer((request, response) => answer(files, request, response));
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES, perMessageDeflate: false });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const closeServer = async () => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const show = await startShow(start).catch(async (error) => {
    await closeServer();
    throw error;
  });

  sockets.on("connection", (socket: WebSocket) => {
    const late = setTimeout(() => socket.terminate(), HELLO_MS);
    socket.on("error", () => socket.terminate());
    socket.once("close", () => clearTimeout(late));
    socket.once("message", (data) => {
      clearTimeout(late);
      const said = pageMessage(String(data));
      if (said?.kind === "hello" && said.key === key) show.enter(socket);
      else socket.close(WRONG_KEY, "wrong key");
    });
  });
  server.on("upgrade", (request, socket, head) => {
    const own = request.headers.origin === `http://${request.headers.host}`;
    if (!own || !isOwnHost(request) || request.url !== "/screen") return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit("connection", opened, request));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/#key=${key}`,
    studio: show.studio,
    async close() {
      await closeServer();
      await show.close();
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
