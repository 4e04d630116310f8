import type { IncomingMessage, ServerResponse } from "node:http";
import { misfit } from "../../shared/check.js";
import { CONTRACT, type Input, type NameOf, type OperationName, type Output } from "../../shared/contract/index.js";
import type { Operation } from "../../shared/operation.js";
import { BYTES_TYPE, JSON_TYPE, LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";
import { EncodedJson } from "../json-bytes.js";
import { answer } from "./answer.js";
import { bodyOf, jsonOf, queryOf } from "./body.js";
import { headerValues } from "./gate.js";
import { runtime } from "./runtime.js";

/** Who asks, and until when the answer is wanted. */
export interface Caller {
  /** Absent where the operation asks for no token. */
  readonly token?: { readonly id: string; readonly name: string; readonly scopes: readonly string[] };
  /** Aborted when the client has gone, its token was revoked, or the daemon ends. */
  readonly signal: AbortSignal;
}

interface Download {
  readonly bytes: Uint8Array;
  /** Hash of the whole file, for the ETag; absent for a range. */
  readonly hash?: string;
}

type Awaitable<T> = T | Promise<T>;

/** What serves one operation: its input, already checked, to its output. Fails by `fail`. */
export type Handler<Name extends OperationName> =
  Name extends NameOf<"download">
    ? (input: Input<Name>, caller: Caller) => Awaitable<Download>
    : Name extends NameOf<"upload">
      ? (input: Input<Name>, body: AsyncIterable<Uint8Array>, caller: Caller) => Awaitable<Output<Name>>
      : (input: Input<Name>, caller: Caller) => Awaitable<Output<Name> | EncodedJson>;

/** One feature's operations, or all of them. */
export type Handlers<Name extends OperationName = OperationName> = { readonly [N in Name]: Handler<N> };

/** Serves one request of one operation: reads its input, checks it, asks the handler, writes the answer. Throws what the handler throws. */
export type Exchange = (request: IncomingMessage, response: ServerResponse, caller: Caller) => Promise<void>;

type AnyHandler = (input: unknown, second: unknown, caller?: Caller) => unknown;

function isAllowed(operation: Operation, caller: Caller): boolean {
  if (operation.scope === "none") return true;
  const scopes = caller.token?.scopes ?? [];
  if (operation.scope === "any") return caller.token !== undefined;
  return scopes.includes(operation.scope) || (operation.scope !== "operator" && scopes.includes("all"));
}

function checkType(request: IncomingMessage, expected: string): void {
  const types = headerValues(request, "content-type");
  const given = types.length === 1 ? types[0]?.split(";")[0]?.trim().toLowerCase() : undefined;
  if (given !== expected) fail("wrong-type", `The body's content type must be ${expected}.`);
}

/** Without a length a body is taken for empty, and a file would be emptied by mistake. */
function checkLength(request: IncomingMessage): void {
  const given = ["content-length", "transfer-encoding"].flatMap((name) => headerValues(request, name));
  if (given.length === 0) fail("malformed-request", "Say how long the body is: Content-Length or chunks.");
}

async function readInput(operation: Operation, request: IncomingMessage): Promise<unknown> {
  switch (operation.form) {
    case "probe":
      return {};
    case "upload":
      checkType(request, BYTES_TYPE);
      checkLength(request);
      return queryOf(request.url ?? "");
    default:
      checkType(request, JSON_TYPE);
      return await jsonOf(request, LIMITS.jsonBytes);
  }
}

function writeOutput(operation: Operation, response: ServerResponse, output: unknown): void {
  if (output instanceof EncodedJson) {
    response.once("close", output.release);
    answer(response, 200, JSON_TYPE, output.bytes);
    return;
  }
  if (operation.form !== "download") {
    answer(response, 200, JSON_TYPE, JSON.stringify(output));
    return;
  }
  const { bytes, hash } = output as Download;
  answer(response, 200, BYTES_TYPE, bytes, hash === undefined ? {} : { etag: `"${hash}"` });
}

/** The gates after the token, in their order (scope, method, content type, size, input), and then the handler. */
export function exchangeOf<Name extends OperationName>(name: Name, handler: Handler<Name>): Exchange {
  const operation: Operation = CONTRACT[name];
  const serve = handler as AnyHandler;
  const method = operation.form === "probe" ? "GET" : "POST";
  return async (request, response, caller) => {
    if (!isAllowed(operation, caller)) fail("scope-missing", `The token lacks the scope ${operation.scope}.`);
    if (request.method !== method) {
      response.setHeader("allow", method);
      fail("wrong-method", `${name} is called by ${method}.`);
    }
    const input = await readInput(operation, request);
    const wrong = misfit(runtime, operation.input, input);
    if (wrong !== undefined) fail("invalid-input", wrong);
    const output = await (operation.form === "upload"
      ? serve(input, bodyOf(request, LIMITS.fileBytes), caller)
      : serve(input, caller));
    writeOutput(operation, response, output);
  };
}
