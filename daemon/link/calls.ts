import { isUtf8 } from "node:buffer";
import { CONTRACT, type OperationName } from "../../shared/contract/index.js";
import type { Operation } from "../../shared/operation.js";
import type { Problem } from "../../shared/problem.js";
import { LIMITS } from "../../shared/protocol.js";
import { Failure, fail, SHUTTING_DOWN } from "../fail.js";
import type { Caller, CallName, Download, Performers } from "../http/bind.js";
import { EncodedJson } from "../json-bytes.js";
import { asciiJson } from "./frames.js";

interface Call {
  readonly id: string;
  readonly op: string;
  readonly input: unknown;
  readonly payload: Buffer;
}

export interface CallEvents {
  /** Tells Studio, and then `onNumber` the number of the message. */
  onReply(
    id: string,
    fields: readonly (string | Uint8Array)[],
    payload: Uint8Array,
    onNumber: (n: number) => void,
  ): void;
  /** Bytes of replies that wait for Studio to ack others. */
  heldBytes(): number;
  problemOf(error: unknown): Problem;
  /** The caller as the operation sees it. */
  readonly caller: Caller;
}

/** The calls of one link. */
export interface Calls {
  take(call: Call): void;
  /** Forgets the calls whose replies Studio has. */
  ack(seen: number): void;
  /** From now on every call is refused. Resolves when none is under way. */
  drain(): Promise<void>;
}

const NOTHING = Buffer.alloc(0);
const TOO_MANY: Problem = { code: "too-many-calls", detail: `${LIMITS.linkCalls} calls are under way.` };

/** How a link's reply is written: the fields of its header, and its payload. */
interface Reply {
  readonly fields: readonly (string | Uint8Array)[];
  readonly payload: Uint8Array;
  release(): void;
}

const keep = () => undefined;

function replyOf(form: Operation["form"], output: unknown): Reply {
  if (output instanceof EncodedJson) {
    return { fields: [',"output":', output.bytes], payload: NOTHING, release: output.release };
  }
  if (form !== "download") {
    return { fields: [',"output":', Buffer.from(JSON.stringify(output))], payload: NOTHING, release: keep };
  }
  const { bytes, hash } = output as Download;
  return { fields: [`,"output":${asciiJson({ hash })}`], payload: bytes, release: keep };
}

function sizeOf({ fields, payload }: Reply): number {
  return payload.length + fields.reduce((sum, field) => sum + field.length, 0);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Executes calls, each id once until Studio has acked its reply; what comes again meanwhile is answered by that one reply. */
export function createCalls(performers: Performers, events: CallEvents): Calls {
  /** By id: the number of the reply, 0 while there is none. */
  const known = new Map<string, number>();
  const waiting: (() => void)[] = [];
  let underWay = 0;
  let bodyBytes = 0;
  let isDraining = false;

  async function perform({ op, input, payload }: Call): Promise<Reply> {
    if (isDraining) throw new Failure(SHUTTING_DOWN);
    if (underWay > LIMITS.linkCalls) throw new Failure(TOO_MANY);
    const operation: Operation = Object.hasOwn(CONTRACT, op)
      ? CONTRACT[op as OperationName]
      : fail("no-operation", "There is no such operation.");
    const isOpened = ["stream", "socket", "feed"].includes(operation.form);
    if (isOpened) fail("wrong-method", `${op} is opened, not called.`);
    if (operation.form !== "upload" && payload.length > 0) fail("invalid-input", `${op} takes no payload.`);
    if (bodyBytes > LIMITS.linkBodyBytes) fail("only-over-http", `${bodyBytes} bytes are being written.`);
    if (!isUtf8(payload)) fail("only-over-http", "Over the link a file is written as UTF-8 text.");
    const reply = replyOf(operation.form, await performers[op as CallName](input, once(payload), events.caller));
    const bytes = sizeOf(reply);
    if (bytes > LIMITS.linkReplyBytes || (bytes > LIMITS.linkDataBytes && events.heldBytes() > LIMITS.linkKeptBytes)) {
      reply.release();
      fail("only-over-http", `The reply has ${bytes} bytes.`);
    }
    return reply;
  }

  async function answer(call: Call): Promise<void> {
    let reply: Reply;
    try {
      reply = await perform(call);
    } catch (error) {
      reply = { fields: [`,"problem":${asciiJson(events.problemOf(error))}`], payload: NOTHING, release: keep };
    }
    events.onReply(call.id, reply.fields, reply.payload, (n) => {
      reply.release();
      known.set(call.id, n);
      underWay -= 1;
      bodyBytes -= call.payload.length;
      if (underWay === 0) for (const wake of waiting.splice(0)) wake();
    });
  }

  return {
    take(call) {
      if (known.has(call.id)) return;
      known.set(call.id, 0);
      underWay += 1;
      bodyBytes += call.payload.length;
      void answer(call);
    },
    ack(seen) {
      for (const [id, n] of known) if (n !== 0 && n <= seen) known.delete(id);
    },
    drain() {
      isDraining = true;
      return underWay === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve));
    },
  };
}
