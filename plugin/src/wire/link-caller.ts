import { CONTRACT, type Input, type NameOf, type OperationName, type Output } from "../../../shared/contract/index.js";
import { createTurns } from "../turns.js";
import { isPlainText } from "../utf8-text.js";
import { fitting } from "./answer.js";
import { BYTES_SECONDS, CALL_SECONDS, type Caller, type Download } from "./caller.js";
import type { Link } from "./link.js";
import type { LinkReply } from "./link-calls.js";
import { problemOf } from "./problem.js";

/** Fewer than the daemon takes at once; the others wait for their turn. */
const CALLS_AT_ONCE = 32;

function sizeOf(input: object): number {
  let size = 0;
  for (const [, value] of pairs(input as { readonly [field: string]: unknown })) {
    if (typeIs(value, "string")) size += value.size();
    else if (typeIs(value, "table")) size += sizeOf(value);
  }
  return size;
}

/**
 * Calls go over the link while it is up, and by requests otherwise: also what is too large for it, or is no text, and
 * what was only to be read when the link was lost. What was to be written is not tried again by itself: it rejects with
 * `session-lost`, for it may have been done.
 */
export function createLinkCaller(link: Link, requests: Caller): Caller {
  const turns = createTurns(CALLS_AT_ONCE);

  async function ask<T>(
    name: OperationName,
    input: object,
    payload: string,
    seconds: number,
    read: (reply: LinkReply) => T,
    otherwise: () => Promise<T>,
  ): Promise<T> {
    const bytes = payload.size() + sizeOf(input);
    if (CONTRACT[name].scope === "none") return otherwise();
    // A moment's wait is cheaper than a request, and there are not many of those.
    await link.settled();
    if (!link.takes(bytes)) return (await otherwise()) as T;
    const turn = await turns.take();
    try {
      if (!link.takes(bytes)) return (await otherwise()) as T;
      return read((await link.call(name, input, payload, seconds)) as LinkReply);
    } catch (thrown) {
      const { code } = problemOf(thrown);
      const mayRepeat = code === "only-over-http" || (code === "session-lost" && CONTRACT[name].form !== "upload");
      if (!mayRepeat) throw thrown;
      return (await otherwise()) as T;
    } finally {
      turn.close();
    }
  }

  return {
    call<Name extends NameOf<"call" | "probe">>(name: Name, input: Input<Name>, seconds = CALL_SECONDS) {
      const read = ({ output }: LinkReply) => fitting(CONTRACT[name].output, output) as Output<Name>;
      return ask(name, input, "", seconds, read, () => requests.call(name, input, seconds));
    },
    download(name, input) {
      const read = ({ output, payload }: LinkReply): Download => {
        const { hash } = output as { hash?: string };
        return { bytes: payload, hash };
      };
      return ask(name, input, "", BYTES_SECONDS, read, () => requests.download(name, input));
    },
    upload<Name extends NameOf<"upload">>(name: Name, input: Input<Name>, bytes: string) {
      const otherwise = () => requests.upload(name, input, bytes);
      if (!isPlainText(bytes)) return otherwise();
      const read = ({ output }: LinkReply) => fitting(CONTRACT[name].output, output) as Output<Name>;
      return ask(name, input, bytes, BYTES_SECONDS, read, otherwise);
    },
  };
}
