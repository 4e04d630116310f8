/** A version of the disk that a script's text started from: its bytes, and the text the editor had for them. */
interface Base {
  readonly bytes: string;
  readonly shown: string;
}

/** How many versions are kept: an undo goes back a few. */
const KEPT = 8;

/** The versions of one file that this session has seen, by hash: an undo brings an earlier one back. */
export interface Bases {
  get(hash: string): Base | undefined;
  set(hash: string, base: Base): void;
  /** Bytes that say which byte order mark and line ends the file has; `""` where it was never read. */
  manner(): string;
  setManner(bytes: string): void;
}

export function createBases(): Bases {
  const bases = new Map<string, Base>();
  const order: string[] = [];
  let manner = "";

  return {
    get(hash) {
      return bases.get(hash);
    },
    set(hash, base) {
      manner = base.bytes;
      if (!bases.has(hash)) order.push(hash);
      bases.set(hash, base);
      const oldest = order.size() > KEPT ? order.shift() : undefined;
      if (oldest !== undefined) bases.delete(oldest);
    },
    manner() {
      return manner;
    },
    setManner(bytes) {
      manner = bytes;
    },
  };
}
