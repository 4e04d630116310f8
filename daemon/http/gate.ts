import type { IncomingMessage } from "node:http";
import { Failure, fail } from "../fail.js";

/**
 * What every request and every upgrade passes before anything else looks at it.
 *
 * The danger: this daemon listens where any web page of the user's browser can send requests (CSRF, WebSockets,
 * DNS rebinding), and any program of the machine can connect.
 * The rule: one well-formed target, exactly one Host and that one ours, no sign of a browser, a token.
 * Every header is read from `rawHeaders`, because Node joins or drops duplicates elsewhere.
 * It does not protect from a program of the same user, who can read the files anyway.
 */
export interface Gate {
  /** The token that passed, or undefined where none is asked for. Fails with the problem of the first check that is not met. */
  pass(request: IncomingMessage): { readonly token?: string };
}

/** The values of a header in the order they came; `name` in lower case. */
export function headerValues(request: IncomingMessage, name: string): string[] {
  const values: string[] = [];
  const raw = request.rawHeaders;
  for (let i = 0; i < raw.length; i += 2) {
    if (raw[i]?.toLowerCase() === name) values.push(raw[i + 1] ?? "");
  }
  return values;
}

/** Printable ASCII that starts with one slash; no fragment, no backslash, no absolute form. */
const TARGET = /^\/(?!\/)[!"$-[\]^-~]*$/;
const BROWSER_HEADERS = ["origin", "referer", "sec-fetch-site"];
const BEARER = /^Bearer ([0-9a-f]{16}\.[A-Za-z0-9_-]{43})$/;
const UPGRADE_KEY = /^[A-Za-z0-9+/]{22}==$/;
/** The same words for every refusal, so that a page learns nothing of what it met. */
const REFUSED = "This request is not for you.";

function checkShape(request: IncomingMessage): string {
  if (!/^1\.[01]$/.test(request.httpVersion)) fail("malformed-request", "Speak HTTP/1.1.");
  if (!TARGET.test(request.url ?? "")) fail("malformed-request", "The request target is malformed.");
  const hosts = headerValues(request, "host");
  const host = hosts[0];
  if (hosts.length !== 1 || host === undefined || host === "") {
    fail("malformed-request", "A request has exactly one Host.");
  }
  const expectation = headerValues(request, "expect").join();
  if (expectation !== "" && expectation.toLowerCase() !== "100-continue") {
    fail("malformed-request", "The header Expect asks for what there is not.");
  }
  return host;
}

/** @param port of the listening socket; the Host must name it. @param openTargets paths that need no token. */
export function createGate(port: number, openTargets: ReadonlySet<string>): Gate {
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);

  function checkUpgrade(request: IncomingMessage): void {
    const protocols = headerValues(request, "upgrade");
    if (protocols.length === 0) return;
    const isWebSocket =
      protocols.length === 1 &&
      protocols[0]?.toLowerCase() === "websocket" &&
      request.method === "GET" &&
      headerValues(request, "sec-websocket-version").join() === "13";
    if (!isWebSocket) fail("upgrade-refused", "Only WebSocket, version 13, by GET.");
    if (!UPGRADE_KEY.test(headerValues(request, "sec-websocket-key").join())) {
      fail("malformed-request", "The WebSocket key is malformed.");
    }
  }

  return {
    pass(request) {
      const host = checkShape(request);
      if (!hosts.has(host.toLowerCase())) fail("refused", REFUSED);
      for (const name of BROWSER_HEADERS) {
        if (headerValues(request, name).length > 0) fail("refused", REFUSED);
      }
      checkUpgrade(request);
      if (openTargets.has((request.url ?? "").split("?")[0] ?? "")) return {};
      const authorizations = headerValues(request, "authorization");
      const token = authorizations.length === 1 ? BEARER.exec(authorizations[0] ?? "")?.[1] : undefined;
      if (token === undefined) fail("unauthorized", "Send a token: Authorization: Bearer <token>.");
      return { token };
    },
  };
}

/** What Node's parser refused, as a problem. */
export function parserFailure(error: NodeJS.ErrnoException): Failure {
  switch (error.code) {
    case "HPE_HEADER_OVERFLOW":
      return new Failure({ code: "headers-too-large", detail: "The headers are longer than 16 KiB." });
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new Failure({ code: "too-slow", detail: "The request took too long to arrive." });
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return new Failure({ code: "too-large", detail: "The chunk extensions are too long." });
    default:
      return new Failure({ code: "malformed-request", detail: "This is not well-formed HTTP." });
  }
}
