import { Readable } from "node:stream";
import type { Input } from "../../shared/contract/index.js";
import type { OpenStream } from "../stream.js";
import type { Watch } from "./watch.js";

/** The changes of a root as a stream without an end: each message is the JSON of one answer of `watch/changes`. */
export async function watchStream(
  watch: Watch,
  { root, since }: Input<"watch/stream">,
  signal: AbortSignal,
  holder: string,
): Promise<OpenStream> {
  // Before the stream is there, so that a root that does not exist is told as a problem.
  const first = await watch.changes({ root }, signal, holder);

  async function* messages(): AsyncGenerator<string> {
    let cursor = since;
    if (cursor === undefined) {
      cursor = first.cursor;
      yield JSON.stringify(first);
    }
    for (;;) {
      const answer = await watch.changes({ root, since: cursor }, signal, holder);
      // A long poll that was held for nothing is no news here.
      if (answer.changes.length === 0 && answer.overflow !== true) continue;
      cursor = answer.cursor;
      yield JSON.stringify(answer);
    }
  }

  const body = Readable.from(messages(), { objectMode: true, highWaterMark: 1, signal });
  return { status: 200, headers: [], body };
}
