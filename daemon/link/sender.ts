import { LIMITS } from "../../shared/protocol.js";
import type { Connection } from "./connection.js";
import { asciiJson, encodeBatch, type Outgoing, signalOf, socketBytes } from "./frames.js";
import { createOutbox } from "./outbox.js";
import type { LinkStream } from "./stream.js";

/** Bytes that are put together before they are written. */
const BATCH_BYTES = 64 * 1024;
/** Of what may be kept, the part that only signals and short replies may fill. */
const SIGNAL_BYTES = 1024 * 1024;
/** A reply this short does not wait for room. */
const SHORT_BYTES = 4096;
const MOST_KEPT = LIMITS.linkKeptBytes - SIGNAL_BYTES;

/** What goes to Studio: numbered, kept until acked, in turns. */
export interface Sender {
  /** A message now: its `t`, whose it is, and what its header holds beside, as ASCII JSON with a comma before it. */
  signal(t: string, id: string, ...fields: (string | Uint8Array)[]): number;
  /** The same with bytes, and told of its number once there is room for it. */
  reply(id: string, fields: readonly (string | Uint8Array)[], payload: Uint8Array, onNumber: (n: number) => void): void;
  /** The stream may have something; it gets its turn. */
  ready(stream: LinkStream): void;
  /** Answers whether that many were sent. */
  ack(seen: number): boolean;
  /** Whether nothing is missing of what comes after `seen`. */
  canResume(seen: number): boolean;
  /** Goes on after `seen` on a connection. */
  attach(connection: Connection, seen: number): void;
  detach(): void;
  /** Writes what may be written. */
  flush(): void;
  /** Bytes of replies that wait for room. */
  heldBytes(): number;
  /** Whether more is kept than may be, or for longer. */
  isLost(): boolean;
  close(): void;
}

interface Held {
  readonly message: (n: number) => Outgoing;
  readonly bytes: number;
  readonly onNumber: (n: number) => void;
}

/**
 * The order: what was signalled and replied goes first, as it came; then every stream that has something gets its turn,
 * one piece each. Nothing is given to a connection that has `linkPauseBytes` waiting, so a signal never stands behind
 * more than that. Data is taken from a stream, and so from its upstream, only where the reader has acked enough.
 */
export function createSender(now: () => number): Sender {
  const outbox = createOutbox(now);
  const turns = new Set<LinkStream>();
  const held: Held[] = [];
  let heldBytes = 0;
  let connection: Connection | undefined;
  let isDue = false;

  function headOf(t: string, n: number, id: string): string {
    return `{"t":"${t}","n":${n},"id":${asciiJson(id)}`;
  }

  /** Once a turn of the loop: what comes of several streams in it goes out in one write. */
  function later(): void {
    if (isDue || connection === undefined) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      flush();
    });
  }

  function add(message: (n: number) => Outgoing): number {
    const n = outbox.next();
    outbox.add(encodeBatch([message(n)]).bytes);
    later();
    return n;
  }

  function admitHeld(): void {
    while (held[0] !== undefined && hasRoom(held[0].bytes)) {
      const { message, bytes, onNumber } = held.shift() as Held;
      heldBytes -= bytes;
      onNumber(add(message));
    }
  }

  function hasRoom(bytes: number): boolean {
    return outbox.bytes() === 0 || outbox.bytes() + bytes <= MOST_KEPT;
  }

  /** One piece of each stream in turn, until a batch is full or nobody has anything. */
  function takeBatch(): Outgoing[] {
    const batch: Outgoing[] = [];
    const room = Math.min(BATCH_BYTES, MOST_KEPT - outbox.bytes());
    let bytes = 0;
    for (const stream of turns) {
      turns.delete(stream);
      const piece = stream.take();
      if (piece === undefined) continue;
      const end = piece.isPart ? ',"part":true}\n' : "}\n";
      const message = { head: [headOf("data", outbox.next() + batch.length, stream.id), end], payload: piece.payload };
      batch.push(message);
      bytes += socketBytes(message);
      turns.add(stream); // Behind the others; a Set is gone through in the order of adding, also while it grows.
      if (bytes >= room) break;
    }
    return batch;
  }

  function flush(): void {
    while (connection?.hasRoom()) {
      const unsent = outbox.send();
      if (unsent !== undefined) {
        connection.write(unsent);
        continue;
      }
      // While a long reply waits for room, no stream may take what becomes free.
      const batch = held.length === 0 && outbox.bytes() < MOST_KEPT ? takeBatch() : [];
      if (batch.length === 0) return;
      const { bytes, each } = encodeBatch(batch);
      for (const message of each) outbox.add(message);
      outbox.sent();
      connection.write(bytes);
    }
  }

  return {
    signal: (t, id, ...fields) => add((n) => signalOf(headOf(t, n, id), ...fields, "}\n")),
    reply(id, fields, payload, onNumber) {
      const message = (n: number): Outgoing => ({ head: [headOf("reply", n, id), ...fields, "}\n"], payload });
      const bytes = socketBytes(message(outbox.next()));
      if (bytes <= SHORT_BYTES || (held.length === 0 && hasRoom(bytes))) {
        onNumber(add(message));
        return;
      }
      held.push({ message, bytes, onNumber });
      heldBytes += bytes;
    },
    ready(stream) {
      turns.add(stream);
      later();
    },
    ack(seen) {
      if (!outbox.ack(seen)) return false;
      admitHeld();
      later();
      return true;
    },
    canResume: outbox.canRewind,
    attach(given, seen) {
      outbox.rewind(seen);
      connection = given;
      admitHeld();
      flush();
    },
    detach() {
      connection = undefined;
    },
    flush,
    heldBytes: () => heldBytes,
    isLost() {
      const oldestMs = outbox.oldestMs() ?? now();
      return outbox.bytes() > LIMITS.linkKeptBytes || now() - oldestMs > LIMITS.linkKeptSeconds * 1000;
    },
    close() {
      connection = undefined;
      turns.clear();
      held.length = 0;
    },
  };
}
