import { CONTRACT } from "../../../shared/contract/index.js";
import { decodeOutput } from "../wire/answer.js";
import type { Carrier } from "../wire/carrier.js";
import { localProblem } from "../wire/problem.js";
import type { WatchAnswer } from "./watch-poll.js";

/**
 * Hears the changes of a root over the link. Rejects where the stream ends, and resolves where the link is down, so
 * that polls take its place. @param onStop is given how to end it.
 */
export function watchByStream(
  { http, link }: Carrier,
  root: string,
  since: string | undefined,
  hear: (answer: WatchAnswer) => void,
  onStop: (stop: () => void) => void,
): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const stream = link.open({
      op: "watch/stream",
      input: { root, since },
      body: "",
      label: root,
      owner: "puente",
      onMessage: (message) => {
        const [ok, answer] = pcall(() => decodeOutput(http, CONTRACT["watch/changes"].output, message));
        if (ok) {
          hear(answer as WatchAnswer);
          return;
        }
        stream.close();
        reject(answer);
      },
      onClosed: () => reject(localProblem("connection-lost")),
      onProblem: reject,
      onDown: () => {
        stream.close();
        resolve();
      },
    });
    onStop(() => {
      stream.close();
      resolve();
    });
  });
}
