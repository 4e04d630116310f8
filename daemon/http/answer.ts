import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { PROBLEMS, type Problem } from "../../shared/problem.js";
import { PROBLEM_TYPE } from "../../shared/protocol.js";

/**
 * What every answer carries. Never a CORS header: no web page is ever meant to read one.
 * No connection is kept either. The danger: a client sends its next call, token and all, on a connection that ends in
 * that moment, and then by itself again on a new one, to whoever has the port by then.
 */
const COMMON = { connection: "close", "cache-control": "no-store", "x-content-type-options": "nosniff" } as const;

/** The challenge that a 401 owes. */
function challengeOf(problem: Problem): Record<string, string> {
  return problem.code === "unauthorized" ? { "www-authenticate": 'Bearer realm="puente"' } : {};
}

/** Writes a whole answer. The one place that writes answers of HTTP. */
export function answer(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  response.writeHead(status, { ...COMMON, "content-type": type, "content-length": bytes.byteLength, ...headers });
  response.end(bytes);
}

export function answerProblem(response: ServerResponse, problem: Problem): void {
  answer(response, PROBLEMS[problem.code].status, PROBLEM_TYPE, JSON.stringify(problem), challengeOf(problem));
}

/** The same on a socket that has no response object: an upgrade, CONNECT, or a request that does not parse. */
export function refuseSocket(socket: Duplex, problem: Problem): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(problem);
  const headers = { ...COMMON, "content-type": PROBLEM_TYPE, ...challengeOf(problem) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const status = PROBLEMS[problem.code].status;
  socket.end(
    `HTTP/1.1 ${status} Refused\r\n${lines.join("")}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
