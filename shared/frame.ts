import { misfit, type Runtime } from "./check.js";
import type { Headers } from "./contract/link.js";

/**
 * What TypeScript cannot ask of a message in both languages. In Luau a message is a string of bytes; on Node it is a
 * Buffer, so that a payload is never copied to be looked at.
 */
export interface FrameRuntime<Message> extends Runtime {
  /** What stands before the first newline and what after it; undefined where there is none, or too late a one. */
  divide(message: Message): { readonly head: string; readonly payload: Message } | undefined;
  /** The value of a JSON text; undefined where it is not one. */
  parse(json: string): unknown;
}

/** One message of the link. */
export interface Frame<Header, Message> {
  readonly header: Header;
  /** Bytes; empty where there are none. */
  readonly payload: Message;
}

/** A message that is no frame: what is wrong with it, in one sentence. */
export interface Misframed {
  readonly wrong: string;
}

/**
 * Reads a message: one line of JSON, checked against the schema that its `t` names, and after the newline the payload.
 * Total: no message makes it throw.
 */
export function decodeFrame<Header, Message>(
  runtime: FrameRuntime<Message>,
  headers: Headers<Header>,
  message: Message,
): Frame<Header, Message> | Misframed {
  const parts = runtime.divide(message);
  if (parts === undefined) return { wrong: "no header line" };
  const header = runtime.parse(parts.head);
  if (runtime.kindOf(header) !== "record") return { wrong: "the header is no JSON object" };
  const t = (header as { readonly t?: unknown }).t;
  if (runtime.kindOf(t) !== "string") return { wrong: "t: must be a string" };
  const schema = headers.schemas.get(t as string);
  if (schema === undefined) return { wrong: "t: unknown" };
  const wrong = misfit(runtime, schema, header, "header");
  if (wrong !== undefined) return { wrong };
  return { header: header as Header, payload: parts.payload };
}

/** Writes a message. @param head the header's JSON, which holds no newline. */
export function encodeFrame(head: string, payload: string): string {
  return `${head}\n${payload}`;
}
