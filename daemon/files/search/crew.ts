import { Worker } from "node:worker_threads";
import { Failure } from "../../fail.js";
import type { Job, Told } from "./hunt.js";
import { createMemory, type SearchState, stateIn } from "./state.js";
import type { FromWorker, ToWorker } from "./worker.js";

/** How often a worker is looked at; one that is at the same file for this many looks is ended. */
const LOOK_MS = 250;
const LOOKS = 4;

/** What a job comes to: it was done, or the worker was lost over a file. */
interface Ending {
  readonly lostOver?: string;
  readonly notText: number;
}

/** A job under way. */
interface Hunting {
  feed(message: ToWorker): void;
  readonly state: SearchState;
  /** Fails with the problem that the job ended with, and where a worker dies of something else than a file. */
  readonly over: Promise<Ending>;
}

export interface Listener {
  told(told: Told): void;
  /** There is more than may be told. */
  full(): void;
}

/** The threads that searches run in. One that is idle is kept, since a new one takes longer than most searches. */
export interface Crew {
  hunt(job: Omit<Job, "memory">, listener: Listener): Hunting;
  close(): Promise<void>;
}

/** One thread, and who hears of it at the moment. */
interface Member {
  readonly worker: Worker;
  onMessage(message: FromWorker): void;
  onGone(error: unknown): void;
}

/** @param script the worker's bundle. */
export function createCrew(script: string): Crew {
  const all = new Set<Member>();
  let idle: Member | undefined;

  function hire(): Member {
    const member: Member = { worker: new Worker(script), onMessage() {}, onGone() {} };
    const { worker } = member;
    let fault: unknown;
    worker.on("message", (message: FromWorker) => member.onMessage(message));
    worker.on("error", (error) => {
      fault = error;
    });
    worker.on("exit", () => {
      all.delete(member);
      if (idle === member) idle = undefined;
      member.onGone(fault);
    });
    all.add(member);
    return member;
  }

  function dismiss(member: Member): void {
    member.onMessage = () => {};
    member.onGone = () => {};
    member.worker.unref();
    if (idle === undefined) idle = member;
    else void member.worker.terminate();
  }

  return {
    hunt(job, listener) {
      const memory = createMemory();
      const state = stateIn(memory);
      const member = idle ?? hire();
      const { worker } = member;
      idle = undefined;
      worker.ref();
      const post = (message: ToWorker) => worker.postMessage(message);
      const { promise: over, resolve, reject } = Promise.withResolvers<Ending>();
      let looks = 0;
      let seen = 0;
      const watch = setInterval(() => {
        const { begun, path } = state.look();
        looks = path !== undefined && begun === seen ? looks + 1 : 0;
        seen = begun;
        if (looks >= LOOKS) void worker.terminate();
      }, LOOK_MS);
      member.onMessage = (message) => {
        if ("told" in message) listener.told(message.told);
        else if ("full" in message) listener.full();
        else {
          clearInterval(watch);
          dismiss(member);
          if ("problem" in message) reject(new Failure(message.problem));
          else resolve({ notText: state.notText() });
        }
      };
      member.onGone = (error) => {
        clearInterval(watch);
        const { path } = state.look();
        // An expression can also use up the stack or the memory: then the file is as lost as by time.
        if (path !== undefined) resolve({ lostOver: path, notText: state.notText() });
        else reject(error ?? new Error("the search's thread ended by itself"));
      };
      post({ job: { ...job, memory } });
      return { feed: post, state, over };
    },
    async close() {
      await Promise.all([...all].map(({ worker }) => worker.terminate()));
    },
  };
}
