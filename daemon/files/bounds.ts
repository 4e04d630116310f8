import type { Segments } from "./segments.js";

const DAY_MS = 24 * 60 * 60 * 1000;
/** A little more than must go, so that not every operation has to make room for the next. */
const SPARE = 0.95;

/** How much of a root's history is kept. */
export interface Bounds {
  readonly bytes: number;
  readonly days: number;
  readonly operations: number;
}

/** Removes the oldest segments past the bounds. One that is written to stays. */
export interface Bounded {
  /** An operation was written. */
  grow(bytes: number): void;
  /** Sees to it that the bounds are held. */
  hold(): void;
}

interface Sum {
  readonly bytes: number;
  readonly operations: number;
}

export function keepWithin(bounds: Bounds, segments: Segments): Bounded {
  /** What there is together; unknown until it is first asked for. */
  let known: (Sum & { readonly oldestMs: number }) | undefined;

  const isWithin = ({ bytes, operations }: Sum, share: number) =>
    bytes <= bounds.bytes * share && operations <= bounds.operations * share;

  function prune(): Sum & { readonly oldestMs: number } {
    const sized = segments.list().flatMap((lying) => {
      const size = segments.sizeOf(lying);
      return size === undefined ? [] : [{ lying, operations: lying.operations ?? 0, ...size }];
    });
    let bytes = sized.reduce((sum, one) => sum + one.bytes, 0);
    let operations = sized.reduce((sum, one) => sum + one.operations, 0);
    let oldestMs = Date.now();
    const share = isWithin({ bytes, operations }, 1) ? 1 : SPARE;
    const endMs = oldestMs - bounds.days * DAY_MS;
    for (const one of sized.filter(({ lying }) => lying.pid === undefined)) {
      oldestMs = one.modifiedMs;
      if (isWithin({ bytes, operations }, share) && oldestMs >= endMs) break;
      segments.remove(one.lying);
      bytes -= one.bytes;
      operations -= one.operations;
    }
    return { bytes, operations, oldestMs };
  }

  return {
    grow(bytes) {
      if (known === undefined) return;
      known = { ...known, bytes: known.bytes + bytes, operations: known.operations + 1 };
    },
    hold() {
      if (known !== undefined && isWithin(known, 1) && known.oldestMs >= Date.now() - bounds.days * DAY_MS) return;
      known = prune();
    },
  };
}
