import { setTimeout as pause } from "node:timers/promises";
import { Failure, fail } from "../fail.js";
import type { Answer } from "../upstream/request.js";
import { textStart } from "../upstream/text-start.js";
import type { Request } from "./dialect.js";
import { askProvider, failureOf, type Provider } from "./provider.js";

/** What llama.cpp's server answers while it loads the model it was started with. */
const LOADING = /loading model/i;
const AGAIN_MS = 500;

/** Asks a provider, and asks again while it is loading its model, for as long as its first byte may take. Fails with what it says where that is no answer. */
export async function askUntilLoaded(provider: Provider, asked: Request, signal: AbortSignal): Promise<Answer> {
  const { name, door } = provider;
  const lateMs = Date.now() + door.firstByteMs;
  for (;;) {
    const answer = await askProvider(provider, asked, signal);
    if (answer.status < 400) return answer;
    const text = await textStart(answer.body);
    if (answer.status !== 503 || !LOADING.test(text)) throw failureOf(provider, answer, text);
    if (Date.now() > lateMs) {
      fail("model-not-loaded", `${name} was still loading its model after ${door.firstByteMs / 1000} s.`);
    }
    await pause(AGAIN_MS, undefined, { signal }).catch(() => {
      throw signal.reason instanceof Failure ? signal.reason : new Error("aborted without a reason");
    });
  }
}
