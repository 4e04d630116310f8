import type { IncomingMessage, ServerResponse } from "node:http";
import { misfit } from "../../shared/check.js";
import { CONTRACT, type Input, type NameOf, type Output } from "../../shared/contract/index.js";
import type { Operation } from "../../shared/operation.js";
import { BYTES_TYPE, JSON_TYPE, LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";
import { EncodedJson } from "../json-bytes.js";
import type { OpenStream } from "../stream.js";
import { answer, answerStream } from "./answer.js";
import { bodyOf, jsonOf, queryOf } from "./body.js";
import { answerEvents } from "./event-stream.js";
import { headerValues } from "./gate.js";
import { runtime } from "./runtime.js";
import { checkScope } from "./scope.js";
import { boundBody } from "./slow-body.js";

/** Who asks, and until when the answer is wanted. */
export interface Caller {
  /** Absent where the operation asks for no token. */
  readonly token?: { readonly id: string; readonly name: string; readonly scopes: readonly string[] };
  /** Aborted when the client has gone, its token was revoked, or the daemon ends. */
  readonly signal: AbortSignal;
}

export interface Download {
  readonly bytes: Uint8Array;
  /** Hash of the whole file, for the ETag; absent for a range. */
  readonly hash?: string;
}

/** The operations that are one request of JSON or bytes. */
export type CallName = NameOf<"probe" | "call" | "download" | "upload" | "feed" | "frames">;

type Awaitable<T> = T | Promise<T>;

/** What serves one operation: its input, already checked, to its output. Fails by `fail`. */
export type Handler<Name extends CallName> =
  Name extends NameOf<"download">
    ? (input: Input<Name>, caller: Caller) => Awaitable<Download>
    : Name extends NameOf<"upload">
      ? (input: Input<Name>, body: AsyncIterable<Uint8Array>, caller: Caller) => Awaitable<Output<Name>>
      : Name extends NameOf<"feed" | "frames">
        ? (input: Input<Name>, caller: Caller) => Awaitable<OpenStream>
        : (input: Input<Name>, caller: Caller) => Awaitable<Output<Name> | EncodedJson>;

/** One feature's operations, or all of them. */
export type Handlers<Name extends CallName = CallName> = { readonly [N in Name]: Handler<N> };

/** Serves one request of one operation: reads its input, checks it, asks the handler, writes the answer. Throws what the handler throws. */
export type Exchange = (request: IncomingMessage, response: ServerResponse, caller: Caller) => Promise<void>;

type AnyHandler = (input: unknown, second: unknown, caller?: Caller) => unknown;

function checkInput(operation: Operation, input: unknown): void {
  const wrong = misfit(runtime, operation.input, input);
  if (wrong !== undefined) fail("invalid-input", wrong);
}

/** Serves a call that came another way than by HTTP of its own: scope, input, handler. @param body of an upload. */
export type Perform = (input: unknown, body: AsyncIterable<Uint8Array>, caller: Caller) => Promise<unknown>;

export type Performers = { readonly [name in CallName]: Perform };

export function performOf<Name extends CallName>(name: Name, handler: Handler<Name>): Perform {
  const operation: Operation = CONTRACT[name];
  const serve = handler as AnyHandler;
  return async (input, body, caller) => {
    checkScope(caller, operation.scope);
    checkInput(operation, input);
    return await (operation.form === "upload" ? serve(input, body, caller) : serve(input, caller));
  };
}

/** Opens a stream that came another way than by HTTP of its own. @param body what came with the asking. Fails by `fail`. */
export type Opener = (input: unknown, caller: Caller, body: Uint8Array) => Promise<OpenStream>;

/** The gates of a relay, its scope being that of the upstream it names, and then `open`. */
export function openerOf<Name extends NameOf<"stream" | "socket">>(
  name: Name,
  open: (input: Input<Name>, body: Uint8Array, signal: AbortSignal) => Promise<OpenStream>,
): Opener {
  return async (given, caller, body) => {
    checkInput(CONTRACT[name], given);
    const input = given as Input<Name>;
    checkScope(caller, `relay:${input.upstream}`);
    return await open(input, body, caller.signal);
  };
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
      return await jsonOf(request, operation.inputBytes ?? LIMITS.jsonBytes);
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
export function exchangeOf<Name extends CallName>(name: Name, handler: Handler<Name>): Exchange {
  const operation: Operation = CONTRACT[name];
  const serve = handler as AnyHandler;
  const method = operation.form === "probe" ? "GET" : "POST";
  return async (request, response, caller) => {
    boundBody(request, response);
    checkScope(caller, operation.scope);
    if (request.method !== method) {
      response.setHeader("allow", method);
      fail("wrong-method", `${name} is called by ${method}.`);
    }
    const input = await readInput(operation, request);
    checkInput(operation, input);
    const output = await (operation.form === "upload"
      ? serve(input, bodyOf(request, LIMITS.fileBytes), caller)
      : serve(input, caller));
    if (operation.form === "feed") await answerEvents(response, output as OpenStream, operation.events);
    else if (operation.form === "frames") await answerStream(response, output as OpenStream);
    else writeOutput(operation, response, output);
  };
}
