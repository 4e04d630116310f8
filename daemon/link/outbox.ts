interface Kept {
  readonly bytes: Buffer;
  readonly sinceMs: number;
}

/** The numbered messages of one session that Studio has not acked, in order and without a gap, and how far they were sent. */
export interface Outbox {
  /** The number that the next message will have. */
  next(): number;
  /** Keeps the message of that number, as the bytes that go on the socket. */
  add(bytes: Buffer): void;
  /** Forgets all up to `seen`. Answers whether that many were ever sent. */
  ack(seen: number): boolean;
  /** The next message after those that were sent; from now on it counts as sent. */
  send(): Buffer | undefined;
  /** All that is kept counts as sent: whoever added it has written it. */
  sent(): void;
  /** Whether all after `seen` is still here. */
  canRewind(seen: number): boolean;
  /** Forgets all up to `seen` and begins to send again after it. */
  rewind(seen: number): void;
  bytes(): number;
  /** When the oldest was added; undefined where nothing is kept. */
  oldestMs(): number | undefined;
}

/** Room of forgotten messages before the list is cut. */
const SLACK = 1024;

export function createOutbox(now: () => number): Outbox {
  let kept: (Kept | undefined)[] = [];
  /** Index in `kept` of the first that is not forgotten, and the number of the message before it. */
  let first = 0;
  let acked = 0;
  let sentUpTo = 0;
  let bytes = 0;

  const last = () => acked + kept.length - first;

  function forget(count: number): void {
    for (let index = first; index < first + count; index += 1) {
      bytes -= kept[index]?.bytes.length ?? 0;
      kept[index] = undefined;
    }
    first += count;
    acked += count;
    if (first < SLACK || first * 2 < kept.length) return;
    kept = kept.slice(first);
    first = 0;
  }

  return {
    next: () => last() + 1,
    add(message) {
      kept.push({ bytes: message, sinceMs: now() });
      bytes += message.length;
    },
    ack(seen) {
      if (seen > sentUpTo) return false;
      if (seen > acked) forget(seen - acked);
      return true;
    },
    send() {
      const message = kept[first + sentUpTo - acked];
      if (message !== undefined) sentUpTo += 1;
      return message?.bytes;
    },
    sent() {
      sentUpTo = last();
    },
    canRewind: (seen) => seen >= acked && seen <= sentUpTo,
    rewind(seen) {
      forget(seen - acked);
      sentUpTo = seen;
    },
    bytes: () => bytes,
    oldestMs: () => kept[first]?.sinceMs,
  };
}
