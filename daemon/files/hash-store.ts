import { hashOf } from "./hash.js";
import { createHashCache, type HashCache, type Hashes, MOST_BYTES } from "./hash-cache.js";

/** Where a cache lies between two daemons. */
export interface Store {
  /** Undefined where there is none, or one longer than `limit`. */
  readBytes(file: string, limit: number): Buffer | undefined;
  /** In one step, so that nobody finds half of it. */
  replaceBytes(file: string, bytes: Buffer): Promise<void>;
}

/** A cache that outlives the daemon. */
export interface KeptHashes extends Hashes {
  /** Writes down what is new. */
  close(): Promise<void>;
}

const FILE = "hashes";
/** The form of what is behind it; another one is an empty cache. */
const HEAD = Buffer.from("puente hashes 1\n");
const DIGEST_BYTES = 32;
/** After this much quiet what is new is written down, so that a daemon that is killed has worked for the next one. */
const QUIET_MS = 5000;

/**
 * The hash cache with its file: a head, the SHA-256 of the entries, the entries. What does not fit together is taken
 * for an empty cache: it costs time only. Two daemons of one user may overwrite each other's, whole.
 * @param onFault told where it cannot be written; the daemon goes on with what it has in memory.
 */
export function keepHashes(store: Store, onFault: (error: unknown) => void): KeptHashes {
  let loaded: HashCache | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  /** When it is first asked for, since the daemon must start fast. */
  function cache(): HashCache {
    loaded ??= createHashCache(entriesOf(store.readBytes(FILE, HEAD.length + DIGEST_BYTES + MOST_BYTES)));
    return loaded;
  }

  function save(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(async () => {
      const entries = loaded?.save();
      if (entries === undefined) return;
      try {
        await store.replaceBytes(FILE, Buffer.concat([HEAD, Buffer.from(hashOf(entries), "hex"), entries]));
      } catch (error) {
        onFault(error);
      }
    });
    return writing;
  }

  return {
    get: (stats) => cache().get(stats),
    put(stats, hash, openedMs) {
      cache().put(stats, hash, openedMs);
      if (timer === undefined) timer = setTimeout(save, QUIET_MS).unref();
    },
    close: save,
  };
}

function entriesOf(bytes: Buffer | undefined): Buffer | undefined {
  if (bytes === undefined || !bytes.subarray(0, HEAD.length).equals(HEAD)) return undefined;
  const entries = bytes.subarray(HEAD.length + DIGEST_BYTES);
  return hashOf(entries) === bytes.toString("hex", HEAD.length, HEAD.length + DIGEST_BYTES) ? entries : undefined;
}
