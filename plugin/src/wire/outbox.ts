interface Kept {
  readonly message: string;
  /** Seconds. */
  readonly at: number;
}

/** The numbered messages that the daemon has not acked, in order and without a gap. */
export interface Outbox {
  /** Keeps a message, which is made with its number, and answers it. */
  add(make: (n: number) => string): string;
  /** Makes a kept message another one of the same number, where it is still kept. */
  replace(n: number, message: string): void;
  /** The number of the last message. */
  last(): number;
  /** Forgets all up to `seen`; false where so many were never sent. */
  ack(seen: number): boolean;
  /** All that is kept, in order. */
  rest(): readonly string[];
  bytes(): number;
  /** Seconds since the oldest was added; 0 where there is none. */
  age(): number;
  /** Begins anew, from the number 1. */
  reset(): void;
}

/** `clock` counts seconds. */
export function createOutbox(clock: () => number): Outbox {
  const kept = new Map<number, Kept>();
  let acked = 0;
  let last = 0;
  let bytes = 0;

  return {
    add(make) {
      // What cannot be written takes no number: a gap would end the session.
      const message = make(last + 1);
      last += 1;
      kept.set(last, { message, at: clock() });
      bytes += message.size();
      return message;
    },
    replace(n, message) {
      const old = kept.get(n);
      if (old === undefined) return;
      bytes += message.size() - old.message.size();
      kept.set(n, { message, at: old.at });
    },
    last() {
      return last;
    },
    ack(seen) {
      if (seen > last) return false;
      while (acked < seen) {
        acked += 1;
        bytes -= kept.get(acked)?.message.size() ?? 0;
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
    age() {
      const oldest = kept.get(acked + 1);
      return oldest === undefined ? 0 : clock() - oldest.at;
    },
    reset() {
      kept.clear();
      acked = 0;
      last = 0;
      bytes = 0;
    },
  };
}
