import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { PROBLEMS, type Problem } from "../../shared/problem.js";
import { PROBLEM_TYPE } from "../../shared/protocol.js";

/** Never a CORS header among them: no web page is ever meant to read an answer. */
const COMMON = { "cache-control": "no-store", "x-content-type-options": "nosniff" } as const;

/** What a refusal by the gate adds: the challenge a 401 owes, and no second request on this connection. */
function refusalHeaders(problem: Problem): Record<string, string> {
  return problem.code === "unauthorized"
    ? { connection: "close", "www-authenticate": 'Bearer realm="puente"' }
    : { connection: "close" };
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

export function answerProblem(response: ServerResponse, problem: Problem, headers: Record<string, string> = {}): void {
  answer(response, PROBLEMS[problem.code].status, PROBLEM_TYPE, JSON.stringify(problem), headers);
}

export function answerRefusal(response: ServerResponse, problem: Problem): void {
  answerProblem(response, problem, refusalHeaders(problem));
}

/** The same refusal on a socket that has no response object: an upgrade, CONNECT, or a request that does not parse. */
export function refuseSocket(socket: Duplex, problem: Problem): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(problem);
  const headers = { ...COMMON, "content-type": PROBLEM_TYPE, ...refusalHeaders(problem) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const status = PROBLEMS[problem.code].status;
  socket.end(
    `HTTP/1.1 ${status} Refused\r\n${lines.join("")}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
