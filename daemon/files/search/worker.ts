// The thread that a search runs in: a regular expression can take for ever, and a thread can be ended.
import { setImmediate } from "node:timers/promises";
import { parentPort } from "node:worker_threads";
import type { Problem } from "../../../shared/problem.js";
import { Failure } from "../../fail.js";
import { createSandbox } from "../sandbox.js";
import { createHunt, type Hunt, type Job, type Told } from "./hunt.js";
import { type SearchState, stateIn } from "./state.js";

/** What the daemon sends: a job, then for a job that is fed its paths, and that there are no more. */
export type ToWorker = { readonly job: Job } | { readonly paths: readonly string[] } | { readonly end: true };

/** What the worker sends: what it found, that there is more than may be told, and that the job is done, or what it ended with. */
export type FromWorker =
  | { readonly told: Told }
  | { readonly full: true }
  | { readonly done: true }
  | { readonly problem: Problem };

/** So long at most; then it leaves the processor to ripgrep. */
const EARLY_MS = 30;
/** After so many files it looks whether something was named. */
const EARLY_FILES = 16;

if (parentPort === null) throw new Error("the search's worker is a thread");
const port = parentPort;
const send = (message: FromWorker) => port.postMessage(message);

interface Inbox {
  next(): Promise<ToWorker>;
  /** Whether no message has come that nobody has taken. */
  isEmpty(): boolean;
}

/** The messages in their order, whenever they come. */
function createInbox(): Inbox {
  const waiting: ToWorker[] = [];
  let wake = () => {};
  port.on("message", (message: ToWorker) => {
    waiting.push(message);
    wake();
  });
  return {
    async next() {
      for (;;) {
        const message = waiting.shift();
        if (message !== undefined) return message;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    isEmpty: () => waiting.length === 0,
  };
}

async function perform(job: Job): Promise<void> {
  try {
    await look(job);
    send({ done: true });
  } catch (error) {
    // Where the search begins there can be a link by now.
    if (!(error instanceof Failure)) throw error;
    if (job.isFed) while (!("end" in (await inbox.next())));
    send({ problem: error.problem });
  }
}

async function look(job: Job): Promise<void> {
  const state = stateIn(job.memory);
  const visit = createSandbox([job.root], job.denied).enter(job.root.name);
  try {
    const hunt = createHunt(job, visit, state, (told) => send({ told }));
    if (job.isFed) {
      await beginEarly(hunt, inbox);
      await eat(hunt, state, inbox);
    } else await hunt.walk();
    if (hunt.isFull()) send({ full: true });
  } finally {
    visit.close();
  }
}

/** To the end of what is sent, also where nothing more of it is wanted. */
async function eat(hunt: Hunt, state: SearchState, inbox: Inbox): Promise<void> {
  for (let message = await inbox.next(); "paths" in message; message = await inbox.next()) {
    for (const path of message.paths) if (!hunt.isFull() && state.goesOn()) await hunt.file(path);
    if (hunt.isFull()) send({ full: true });
  }
}

/** Before ripgrep has named the first file, which takes it longer than it takes this thread to find something. */
async function beginEarly(hunt: Hunt, inbox: Inbox): Promise<void> {
  const until = performance.now() + EARLY_MS;
  let count = 0;
  await hunt.beginEarly(async () => {
    count += 1;
    if (count % EARLY_FILES === 0) await setImmediate();
    return !inbox.isEmpty() || performance.now() > until;
  });
}

const inbox = createInbox();
for (;;) {
  const message = await inbox.next();
  if ("job" in message) await perform(message.job);
}
