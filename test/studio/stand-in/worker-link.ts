import { Worker } from "node:worker_threads";
import type { WorkerData } from "./worker/main.ts";
import { compileWasm } from "./worker/wasm.ts";

export interface OutputLine {
  kind: "print" | "warn" | "error" | "info";
  text: string;
  /** The script and line that wrote it, as `user_x.rbxmx.main:12`. */
  from?: string;
}

interface FromWorker {
  head: { kind: string; id?: number; ok?: boolean; error?: string; [field: string]: unknown };
  body?: Uint8Array;
}

const WATCH_MILLISECONDS = 100;
/** The VM ends a script by itself (worker/interrupt.ts), unless it is inside one long call of Luau's own library. */
const GRACE_SECONDS = 3;

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: Error): void;
}

/**
 * The worker that holds the VM, with a watchdog: what cannot be ended otherwise is ended with the worker. Then, and when
 * the VM fails, every call rejects with the reason, and `onMessage` gets it as a line of the output.
 */
export async function startWorker(
  data: Omit<WorkerData, "busy" | "wasm">,
  onMessage: (message: FromWorker["head"]) => void,
) {
  const busy = new SharedArrayBuffer(8);
  const since = new BigInt64Array(busy);
  const worker = new Worker(new URL("./worker/main.ts", import.meta.url), {
    workerData: { ...data, wasm: await compileWasm(), busy },
  });
  const waiting = new Map<number, Waiting>();
  let serial = 0;
  let ended: Error | undefined;

  const over = Promise.withResolvers<Error>();
  const end = (reason: Error) => {
    ended ??= reason;
    over.resolve(ended);
    clearInterval(watchdog);
    for (const each of waiting.values()) each.reject(ended);
    waiting.clear();
  };
  const fail = (reason: string) => {
    if (ended !== undefined) return;
    end(new Error(reason));
    onMessage({ kind: "output", level: "error", text: reason });
    void worker.terminate();
  };

  const limit = data.switches.scriptTimeoutSeconds;
  const watchdog = setInterval(() => {
    const start = Number(Atomics.load(since, 0));
    if (start === 0 || Date.now() - start < (limit + GRACE_SECONDS) * 1_000) return;
    fail(`Script timeout: Studio was ended because a script ran for ${limit} seconds and could not be stopped`);
  }, WATCH_MILLISECONDS);
  watchdog.unref();

  const ready = Promise.withResolvers<void>();
  worker.on("message", ({ head, body }: FromWorker) => {
    if (head.kind === "ready") ready.resolve();
    if (head.kind === "ended") return fail(String(head["reason"]));
    const asked = head.id === undefined ? undefined : waiting.get(head.id);
    if (asked === undefined) return onMessage(head);
    waiting.delete(head.id ?? 0);
    if (head.kind !== "answer") asked.resolve(head);
    else if (head.ok === true) asked.resolve(revive(body));
    else asked.reject(new Error(head.error));
  });
  worker.on("error", (error) => {
    ready.reject(error);
    fail(`Studio was ended: ${error instanceof Error ? error.message : String(error)}`);
  });
  const exited = new Promise<void>((resolve) => {
    worker.on("exit", () => {
      end(new Error("Studio is closed"));
      resolve();
    });
  });
  await ready.promise;

  return {
    /** Why it has ended, once it has. */
    ended: over.promise,
    /** Says something that is not answered; nothing happens where nobody is there any more. */
    tell(kind: string, fields: object): void {
      if (ended === undefined) worker.postMessage({ kind, ...fields });
    },
    ask(kind: string, fields: object = {}): Promise<unknown> {
      if (ended !== undefined) return Promise.reject(ended);
      const id = ++serial;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker.postMessage({ kind, id, ...fields });
      });
    },
    async close(): Promise<void> {
      if (ended === undefined) worker.postMessage({ kind: "close" });
      await exited;
    },
  };
}

/** A Luau buffer, or a string that is not UTF-8, arrives as bytes. */
function revive(body: Uint8Array | undefined): unknown {
  const list = JSON.parse(Buffer.from(body ?? []).toString(), (_, value) =>
    value?.t === "buffer" && typeof value.base64 === "string"
      ? new Uint8Array(Buffer.from(value.base64, "base64"))
      : value,
  ) as unknown[];
  return list[0];
}
