import { randomBytes } from "node:crypto";
import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import { createApp, LINK_TARGET, openersOf, openTargets, performersOf, targets } from "../../daemon/app.ts";
import { Failure, fail } from "../../daemon/fail.ts";
import { createFiles, type Root } from "../../daemon/files/files.ts";
import { filesRoutes } from "../../daemon/files/routes.ts";
import { searchRoutes } from "../../daemon/files/search/routes.ts";
import { createSearch } from "../../daemon/files/search/search.ts";
import type { Caller, Handlers, Opener } from "../../daemon/http/bind.ts";
import { listen } from "../../daemon/http/listen.ts";
import { createServers } from "../../daemon/http/server.ts";
import { type Clock, systemClock } from "../../daemon/link/clock.ts";
import { createLinks, type Links } from "../../daemon/link/link.ts";
import { createChats } from "../../daemon/llm/chat.ts";
import { createModels } from "../../daemon/llm/models.ts";
import { llmRoutes } from "../../daemon/llm/routes.ts";
import { createLog } from "../../daemon/log.ts";
import { createPairings } from "../../daemon/session/pairing.ts";
import { sessionRoutes } from "../../daemon/session/routes.ts";
import type { OpenStream } from "../../daemon/stream.ts";
import { openUpstreams } from "../../daemon/upstream/upstreams.ts";
import { watchRoutes } from "../../daemon/watch/routes.ts";
import { createWatch } from "../../daemon/watch/watch.ts";
import { LIMITS } from "../../shared/protocol.ts";
import { searchWorker } from "./search-worker.ts";

/** An upstream that the tests drive: what it is asked over HTTP and over WebSockets. */
export interface TestUpstream {
  readonly port: number;
  /** Streams that are open here now. */
  readonly open: () => number;
  close(): Promise<void>;
}

export async function startUpstream(
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
  onSocket: (socket: WebSocket, request: IncomingMessage) => void,
): Promise<TestUpstream> {
  let open = 0;
  const count = (emitter: { once(event: "close", act: () => void): unknown }) => {
    open += 1;
    emitter.once("close", () => {
      open -= 1;
    });
  };
  const server = createServer((request, response) => {
    count(response);
    onRequest(request, response);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket, request) => {
    count(socket);
    onSocket(socket, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    open: () => open,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const pathOf = (input: unknown) => (input as { path: string }).path;

/** An answer of an HTTP server as a stream: what the raw relay gives, in its least form. */
function openHttp(port: number): Opener {
  return (input, { signal }) =>
    new Promise((resolve, reject) => {
      const request = get({ port, path: pathOf(input), signal, agent: false }, (response) => {
        response.on("error", () => undefined);
        resolve({
          status: response.statusCode ?? 0,
          headers: [["content-type", response.headers["content-type"] ?? ""]],
          body: response,
        });
      });
      request.on("error", (error) =>
        reject(new Failure({ code: "internal", detail: `The upstream: ${error.message}` })),
      );
    });
}

function openSocket(port: number): Opener {
  return (input, { signal }) =>
    new Promise<OpenStream>((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}${pathOf(input)}`, { perMessageDeflate: false });
      const closed = Promise.withResolvers<{ code?: number; reason?: string }>();
      const body = new Readable({
        objectMode: true,
        read: () => socket.resume(),
        destroy(error, done) {
          socket.terminate();
          done(error);
        },
      });
      signal.addEventListener("abort", () => socket.terminate());
      socket.on("message", (message: Buffer, isBinary) => {
        if (!body.push(isBinary ? message : message.toString())) socket.pause();
      });
      socket.on("error", reject);
      socket.on("close", (code, reason) => {
        closed.resolve({ code, reason: reason.toString() });
        body.push(null);
      });
      socket.on("open", () =>
        resolve({
          status: 101,
          headers: [],
          body,
          socket: {
            send: (message) =>
              new Promise((done, failed) => socket.send(message, (error) => (error ? failed(error) : done()))),
            close: (code, reason) => socket.close(code, reason),
            closed: closed.promise,
          },
        }),
      );
    });
}

export interface LinkHost {
  readonly port: number;
  readonly token: string;
  readonly links: Links;
  readonly logged: string[];
  /** A token of its own. */
  addToken(scopes: readonly string[]): { text: string; revoke(): void };
  close(): Promise<void>;
}

/** The daemon's servers with a link whose streams lead to an upstream of the test: `http` and `socket`, `{path}` each. */
export async function startLinkHost(options: {
  readonly roots?: readonly Root[];
  /** Absolute; searches run in threads alone without. */
  readonly ripgrep?: string;
  readonly upstream?: TestUpstream;
  readonly openers?: ReadonlyMap<string, Opener>;
  readonly clock?: Clock;
}): Promise<LinkHost> {
  const logged: string[] = [];
  const log = createLog((line) => logged.push(line));
  const tokens = new Map<string, { token: NonNullable<Caller["token"]>; revoked: AbortController }>();
  const files = createFiles(options.roots ?? [], { denied: [] });
  const watch = createWatch(files, (error) => log.fault(error));
  const noTokens = {
    find: () => undefined,
    prove: () => "",
    revoked: () => new AbortController().signal,
    addTransient: () => "",
    close: () => undefined,
  };
  const models = createModels({ upstreams: openUpstreams([]), localServers: [], configuration: "nowhere" });
  const handlers: Handlers = {
    ...sessionRoutes(
      noTokens,
      createPairings(
        () => "",
        () => undefined,
      ),
      () => [],
    ),
    ...filesRoutes(files, watch.writing),
    ...searchRoutes(
      createSearch(
        options.roots ?? [],
        { denied: [], ignore: files.ignore },
        { worker: searchWorker, ...(options.ripgrep !== undefined && { ripgrep: options.ripgrep }) },
      ),
    ),
    ...watchRoutes(watch),
    ...llmRoutes(
      models,
      createChats(models, async () => fail("not-found", "No files here.")),
    ),
  };
  const upstreamPort = options.upstream?.port ?? 0;
  const never = new AbortController().signal;
  const performers = performersOf(handlers);
  const links = createLinks({
    performers,
    openers: new Map<string, Opener>([
      ...openersOf(performers),
      ["http", openHttp(upstreamPort)],
      ["socket", openSocket(upstreamPort)],
      ...(options.openers ?? []),
    ]),
    revoked: (id) => [...tokens.values()].find(({ token }) => token.id === id)?.revoked.signal ?? never,
    clock: options.clock ?? systemClock,
    log,
  });
  let port = 0;
  const servers = createServers(() => port, {
    clientStallMs: LIMITS.clientStallSeconds * 1000,
    isTarget: (target) => targets().has(target),
    openTargets: openTargets(),
    admit(text) {
      const known = tokens.get(text) ?? fail("unauthorized", "Unknown.");
      return { token: known.token, revoked: known.revoked.signal };
    },
    upgrades: new Map([[LINK_TARGET, links.upgrade]]),
    serve: createApp(handlers, new Map()),
    log,
  });
  port = await listen(servers.server, 0);

  function addToken(scopes: readonly string[]) {
    const id = randomBytes(8).toString("hex");
    const text = `${id}.${randomBytes(32).toString("base64url")}`;
    const revoked = new AbortController();
    tokens.set(text, { token: { id, name: id, scopes }, revoked });
    return {
      text,
      revoke() {
        tokens.delete(text);
        revoked.abort();
      },
    };
  }

  return {
    port,
    token: addToken(["all"]).text,
    links,
    logged,
    addToken,
    async close() {
      links.close();
      await watch.close();
      await servers.close();
    },
  };
}
