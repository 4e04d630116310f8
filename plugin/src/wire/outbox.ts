interface Kept {
  readonly message: string;
  readonly owner: string | undefined;
  /** Seconds. */
  readonly at: number;
}

/** The numbered messages that the daemon has not acked, in order and without a gap. */
export interface Outbox {
  /** Keeps the message that has the number after `last`. @param owner whose share it counts as, if anybody's. */
  add(message: string, owner?: string): void;
  /** Makes a kept message another one of the same number, where it is still kept. */
  replace(n: number, message: string): void;
  /** The number of the last message. */
  last(): number;
  /** Forgets all up to `seen`; false where so many were never sent. */
  ack(seen: number): boolean;
  /** All that is kept, in order. */
  rest(): readonly string[];
  bytes(): number;
  /** How many of them are this owner's. */
  bytesOf(owner: string): number;
  /** Seconds since the oldest was added; 0 where there is none. */
  age(): number;
  /** Begins anew, from the number 1. */
  reset(): void;
}

/** `clock` counts seconds. */
export function createOutbox(clock: () => number): Outbox {
  const kept = new Map<number, Kept>();
  const shares = new Map<string, number>();
  let acked = 0;
  let last = 0;
  let bytes = 0;

  function count(change: number, owner: string | undefined): void {
    bytes += change;
    if (owner === undefined) return;
    const share = (shares.get(owner) ?? 0) + change;
    if (share === 0) shares.delete(owner);
    else shares.set(owner, share);
  }

  return {
    add(message, owner) {
      last += 1;
      kept.set(last, { message, owner, at: clock() });
      count(message.size(), owner);
    },
    replace(n, message) {
      const old = kept.get(n);
      if (old === undefined) return;
      count(message.size() - old.message.size(), old.owner);
      kept.set(n, { ...old, message });
    },
    last() {
      return last;
    },
    ack(seen) {
      if (seen > last) return false;
      while (acked < seen) {
        acked += 1;
        const old = kept.get(acked);
        if (old !== undefined) count(-old.message.size(), old.owner);
        kept.delete(acked);
      }
      return true;
    },
    rest() {
      const messages: string[] = [];
      for (let n = acked + 1; n <= last; n++) {
        const each = kept.get(n);
        if (each !== undefined) messages.push(each.message);
      }
      return messages;
    },
    bytes() {
      return bytes;
    },
    bytesOf(owner) {
      return shares.get(owner) ?? 0;
    },
    age() {
      const oldest = kept.get(acked + 1);
      return oldest === undefined ? 0 : clock() - oldest.at;
    },
    reset() {
      kept.clear();
      shares.clear();
      acked = 0;
      last = 0;
      bytes = 0;
    },
  };
}
