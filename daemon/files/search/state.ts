import { LIMITS } from "../../../shared/protocol.js";

const WORDS = { file: 0, looking: 1, stopped: 2, held: 3, notText: 4, pathBytes: 5 } as const;
const HEAD_BYTES = 64;

/**
 * What the daemon and a worker share while the worker cannot be spoken to, being deep in a regular expression:
 * which file it is at, and whether it is to go on.
 */
export interface SearchState {
  readonly memory: SharedArrayBuffer;
  /** Of the worker: begins to look at a file. */
  begin(path: string): void;
  /** Of the worker: is done with it. */
  finish(): void;
  countNotText(): void;
  /** Of the worker: waits while it is held, and says whether it is to go on. */
  goesOn(): boolean;
  /** How many files were begun, and which one is being looked at. */
  look(): { readonly begun: number; readonly path: string | undefined };
  notText(): number;
  hold(): void;
  release(): void;
  stop(): void;
}

export function createMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(HEAD_BYTES + LIMITS.pathBytes);
}

export function stateIn(memory: SharedArrayBuffer): SearchState {
  const words = new Int32Array(memory, 0, HEAD_BYTES / 4);
  const path = new Uint8Array(memory, HEAD_BYTES);
  const encoder = new TextEncoder();

  function release(): void {
    Atomics.store(words, WORDS.held, 0);
    Atomics.notify(words, WORDS.held);
  }

  return {
    memory,
    begin(text) {
      Atomics.store(words, WORDS.pathBytes, encoder.encodeInto(text, path).written);
      Atomics.add(words, WORDS.file, 1);
      Atomics.store(words, WORDS.looking, 1);
    },
    finish: () => void Atomics.store(words, WORDS.looking, 0),
    countNotText: () => void Atomics.add(words, WORDS.notText, 1),
    goesOn() {
      Atomics.wait(words, WORDS.held, 1);
      return Atomics.load(words, WORDS.stopped) === 0;
    },
    look() {
      const isLooking = Atomics.load(words, WORDS.looking) === 1;
      const length = Atomics.load(words, WORDS.pathBytes);
      return {
        begun: Atomics.load(words, WORDS.file),
        path: isLooking ? Buffer.from(path.slice(0, length)).toString("utf8") : undefined,
      };
    },
    notText: () => Atomics.load(words, WORDS.notText),
    hold: () => void Atomics.store(words, WORDS.held, 1),
    release,
    stop() {
      Atomics.store(words, WORDS.stopped, 1);
      release();
    },
  };
}
