// The thread that a search runs in: a regular expression can take for ever, and a thread can be ended.
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

if (parentPort === null) throw new Error("the search's worker is a thread");
const port = parentPort;
const send = (message: FromWorker) => port.postMessage(message);

/** The messages in their order, whenever they come. */
async function* messages(): AsyncGenerator<ToWorker> {
  const waiting: ToWorker[] = [];
  let wake = () => {};
  port.on("message", (message: ToWorker) => {
    waiting.push(message);
    wake();
  });
  for (;;) {
    const message = waiting.shift();
    if (message !== undefined) yield message;
    else await new Promise<void>((resolve) => (wake = resolve));
  }
}

async function perform(job: Job, feed: AsyncGenerator<ToWorker>): Promise<void> {
  try {
    await look(job, feed);
    send({ done: true });
  } catch (error) {
    // Where the search begins there can be a link by now.
    if (!(error instanceof Failure)) throw error;
    if (job.isFed) while (!("end" in (await next(feed))));
    send({ problem: error.problem });
  }
}

async function look(job: Job, feed: AsyncGenerator<ToWorker>): Promise<void> {
  const state = stateIn(job.memory);
  const visit = createSandbox([job.root], job.denied).enter(job.root.name);
  try {
    const hunt = createHunt(job, visit, state, (told) => send({ told }));
    if (job.isFed) await eat(hunt, state, feed);
    else await hunt.walk();
    if (hunt.isFull()) send({ full: true });
  } finally {
    visit.close();
  }
}

/** To the end of what is sent, also where nothing more of it is wanted. */
async function eat(hunt: Hunt, state: SearchState, feed: AsyncGenerator<ToWorker>): Promise<void> {
  for (let message = await next(feed); "paths" in message; message = await next(feed)) {
    for (const path of message.paths) if (!hunt.isFull() && state.goesOn()) await hunt.file(path);
    if (hunt.isFull()) send({ full: true });
  }
}

async function next(feed: AsyncGenerator<ToWorker>): Promise<ToWorker> {
  const { value } = await feed.next();
  return value;
}

const feed = messages();
for (;;) {
  const message = await next(feed);
  if ("job" in message) await perform(message.job, feed);
}
