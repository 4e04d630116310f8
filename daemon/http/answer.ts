import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { PROBLEMS, type Problem } from "../../shared/problem.js";
import { PROBLEM_TYPE } from "../../shared/protocol.js";
import type { OpenStream } from "../stream.js";
import { writeChunks } from "./chunks.js";

/**
 * What every answer carries. Never a CORS header: no web page is ever meant to read one.
 * No connection is kept either. The danger: a client sends its next call, token and all, on a connection that ends in
 * that moment, and then by itself again on a new one, to whoever has the port by then.
 */
const COMMON = { connection: "close", "cache-control": "no-store", "x-content-type-options": "nosniff" } as const;

/** The headers that a problem owes. */
function headersOf({ code }: Problem): Record<string, string> {
  if (code === "unauthorized") return { "www-authenticate": 'Bearer realm="puente"' };
  return code === "shutting-down" ? { "retry-after": "1" } : {};
}

/** Begins an answer whose body is written as it comes. */
export function beginAnswer(response: ServerResponse, status: number, type: string): void {
  response.writeHead(status, { ...COMMON, "content-type": type });
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
  answer(response, PROBLEMS[problem.code].status, PROBLEM_TYPE, JSON.stringify(problem), headersOf(problem));
}

/**
 * Writes a stream as it comes, at the client's pace, and resolves once it is over. A client that goes ends the stream.
 * A stream that fails breaks the connection before the last chunk, so that the client sees no clean end.
 */
export async function answerStream(response: ServerResponse, { status, headers, body }: OpenStream): Promise<void> {
  response.writeHead(status, { ...COMMON, ...Object.fromEntries(headers) });
  response.flushHeaders();
  try {
    if (response.chunkedEncoding && response.socket !== null) await writeChunks(response, response.socket, body);
    else await pipeline(body, response);
  } catch {
    response.destroy(); // The client or the upstream has gone; there is nobody left to tell more.
  }
}

/** What the upstream of a socket said instead is what the client is told. */
function statusOf({ code, status }: Problem): number {
  return code === "upstream-refused" && status !== undefined && status >= 400 ? status : PROBLEMS[code].status;
}

/** A problem on a socket that has no response object: an upgrade, CONNECT, or a request that does not parse. */
export function refuseSocket(socket: Duplex, problem: Problem): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(problem);
  const headers = { ...COMMON, "content-type": PROBLEM_TYPE, ...headersOf(problem) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 ${statusOf(problem)} Refused\r\n${lines.join("")}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
