import Vide, { source } from "@rbxts/vide";
import type { Output } from "../../../shared/contract/index.js";
import type { Carrier } from "../wire/carrier.js";
import type { LinkStream } from "../wire/link-stream.js";
import { type Holding, MOST_CLIENTS } from "../wire/stream-clients.js";

/** How often the daemon is asked for the streams outside of the link. */
const ASK_SECONDS = 5;

type Outside = Output<"session/who">["streams"][number];

/** What streams there are, looked at once a second for as long as somebody looks. */
export interface Traffic {
  readonly streams: () => readonly LinkStream[];
  /** Bytes in the second before the last look. */
  rate(stream: LinkStream): number;
  /** Who of this plugin holds which of Studio's stream clients, as a sentence. */
  readonly holders: () => string;
  /** Of this Studio's token, at the daemon and outside of the link. */
  readonly outside: () => readonly Outside[];
}

interface Look {
  readonly at: number;
  readonly bytes: number;
  readonly rate: number;
}

function holdersText(holdings: readonly Holding[]): string {
  const names = holdings.map(({ holder, state }) => (state === "open" ? holder : `${holder} (connecting)`));
  const who = names.isEmpty() ? "" : `: ${names.join(", ")}`;
  return `Puente holds ${holdings.size()} of Studio's ${MOST_CLIENTS} stream clients${who}.`;
}

function isSame(left: readonly LinkStream[], right: readonly LinkStream[]): boolean {
  return left.size() === right.size() && left.every((stream, index) => stream === right[index]);
}

/** To be called within a scope of Vide. `now` moves once a second. */
export function createTraffic({ link, clients, caller }: Carrier, now: () => number): Traffic {
  const streams = source<readonly LinkStream[]>([]);
  const holders = source("");
  const outside = source<readonly Outside[]>([]);
  const looks = new Map<LinkStream, Look>();
  const looked = source(0);
  let askedAt: number | undefined;

  function ask(): void {
    caller.call("session/who", {}).then(
      (who) => outside(who.streams),
      // Away, or not there yet: the connection's own lines say so.
      () => outside([]),
    );
  }

  Vide.effect(() => {
    const at = now();
    const present = link.streams();
    for (const [stream] of looks) {
      if (!present.includes(stream)) looks.delete(stream);
    }
    for (const stream of present) {
      const before = looks.get(stream);
      const bytes = stream.bytes();
      const rate = before === undefined || at <= before.at ? 0 : (bytes - before.bytes) / (at - before.at);
      looks.set(stream, { at, bytes, rate });
    }
    if (!isSame(present, Vide.untrack(streams))) streams(present);
    looked(at);
    holders(holdersText(clients.holdings()));
    if (askedAt !== undefined && at - askedAt < ASK_SECONDS) return;
    askedAt = at;
    ask();
  });

  return {
    streams,
    rate(stream) {
      looked();
      return looks.get(stream)?.rate ?? 0;
    },
    holders,
    outside,
  };
}
