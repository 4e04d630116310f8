import { randomUUID } from "node:crypto";
import { type Bounds, keepWithin } from "./bounds.js";
import type { Deed } from "./change.js";
import { contentAt, deedAt, type Head, headsIn } from "./record.js";
import type { Segment } from "./segment.js";
import { type Lying, openSegments } from "./segments.js";

const ID = /^[0-9a-f]{12}-[0-9a-f]{16}$/u;
/** The oldest segment goes as a whole: it is so much of what is kept at most. */
const SHARES = 16;
const SEGMENT_BYTES = 4 * 1024 * 1024;
const SEGMENT_OPERATIONS = 64;

/** An operation that was done. */
export interface Entry {
  readonly id: string;
  readonly state: "done" | "undone";
  readonly segment: string;
  readonly head: Head;
}

/** An operation that is being carried out. First the contents of `before` that are kept, in the order of the changes, then `seal`. */
export interface Draft {
  readonly id: string;
  /** Little is added when this returns; then it answers nothing. */
  add(content: Uint8Array): Promise<void> | undefined;
  /** Makes it safe on disk. What it tells of may be done after this, and not before. */
  seal(): Promise<void>;
  /**
   * The same, but safe on disk only a moment later: for one write of one file, which is whole without its record. A
   * power cut in that moment takes the way back with it; a daemon that is killed loses nothing.
   */
  sealSoon(): void;
  /** What stood at a path before. */
  content(path: string): Buffer | undefined;
  /** Says that it is done, and that it may be undone from now on; safe on disk a moment later. */
  finish(): void;
  /** Makes safe on disk that it is done. */
  settle(): Promise<void>;
  /** Says that nothing of it is left to be undone. */
  drop(): void;
}

/** What a process that is no more was about. */
export interface Abandoned {
  /** Neither done nor dropped, the newest first. */
  readonly operations: readonly {
    readonly id: string;
    /** Undefined where it is not as it was written. */
    readonly deed: Deed | undefined;
    content(path: string): Buffer | undefined;
    mark(progress: "done" | "dropped"): void;
  }[];
  /** Makes safe on disk how far each has come. What is still open is left to the next daemon. */
  end(): Promise<void>;
}

/** What was done in one root, in PUENTE_HOME: each operation with what stood there before, and how far it has come. */
export interface Journal {
  begin(deed: Deed): Draft;
  /** The oldest first. */
  entries(): Entry[];
  /** Undefined where it is no longer there, or not as it was written. */
  read(entry: Entry): Deed | undefined;
  /** What stood at a change's path before, or undefined where it is no longer there, or not as it was written. */
  content(entry: Entry, deed: Deed, path: string): Buffer | undefined;
  /** @param isDead whether a process has ended, whose work this is then. */
  abandoned(isDead: (pid: number) => boolean): Abandoned[];
}

export function isId(text: string): boolean {
  return ID.test(text);
}

/** @param folder made where it is missing, its parent too. */
export function openJournal(folder: string, pid: number, bounds: Bounds): Journal {
  const segments = openSegments(
    folder,
    pid,
    {
      bytes: Math.min(SEGMENT_BYTES, bounds.bytes / SHARES),
      operations: Math.min(SEGMENT_OPERATIONS, bounds.operations / SHARES),
    },
    nextId,
  );
  const bounded = keepWithin(bounds, segments);
  /** Of the segments that nobody writes to any more. */
  const closed = new Map<string, readonly Head[]>();
  let lastMs: number | undefined;

  /** When the last operation was begun, by its id: a clock that was set back makes nothing that follows older. */
  function latestMs(): number {
    const newest = segments.list().at(-1);
    const id = newest && (headsOf(newest).at(-1)?.id ?? newest.id);
    return id === undefined ? 0 : Number.parseInt(id, 16);
  }

  function nextId(): string {
    lastMs = Math.max(Date.now(), (lastMs ?? latestMs()) + 1);
    return `${lastMs.toString(16).padStart(12, "0")}-${randomUUID().replaceAll("-", "").slice(-16)}`;
  }

  /** Those of a segment that nobody writes to any more are read once. */
  function headsOf({ id, pid }: Lying): readonly Head[] {
    const heads = closed.get(id) ?? segments.within(id, (file) => headsIn(file, id)) ?? [];
    if (pid === undefined) closed.set(id, heads);
    return heads;
  }

  function headIn(segment: string, id: string, file: number): Head {
    const head = headsIn(file, segment).find((each) => each.id === id);
    if (head === undefined) throw new Error(`the journal has lost ${id} in ${segment}`);
    return head;
  }

  function draftOf(segment: Segment, id: string, at: number, deed: Deed): Draft {
    let isSealed = false;
    function handBack(): void {
      isSealed = true;
      segments.giveBack(segment);
      bounded.grow(segment.bytes() - at);
    }
    function mark(progress: "done" | "dropped"): void {
      segment.mark(at, progress);
      segments.settle(segment);
      bounded.hold();
    }
    return {
      id,
      add: segment.add,
      async seal() {
        handBack();
        await segment.sync();
      },
      sealSoon() {
        handBack();
        segments.settle(segment);
      },
      content: (path) =>
        segments.within(segment.id, (file) => contentAt(file, headIn(segment.id, id, file), deed, path)),
      finish: () => mark("done"),
      settle: segment.sync,
      drop() {
        if (isSealed) mark("dropped");
        else {
          segment.takeBack(at);
          segments.giveBack(segment);
        }
      },
    };
  }

  function abandonedIn(lying: Lying): Abandoned[] {
    const claimed = segments.claim(lying);
    if (claimed === undefined) return [];
    const { segment, heads } = claimed;
    const open = heads.filter(({ progress }) => progress === "open").toReversed();
    return [
      {
        operations: open.map((head) => {
          const deed = segments.within(segment.id, (file) => deedAt(file, head));
          return {
            id: head.id,
            deed,
            content: (path) => deed && segments.within(segment.id, (file) => contentAt(file, head, deed, path)),
            mark: (progress) => segment.mark(head.at, progress),
          };
        }),
        end: () => segments.end(segment),
      },
    ];
  }

  return {
    begin(deed) {
      const segment = segments.take();
      const id = nextId();
      try {
        return draftOf(segment, id, segment.begin(id, deed), deed);
      } catch (error) {
        segments.giveBack(segment);
        throw error;
      }
    },
    entries() {
      const lying = segments.list();
      const found = lying.flatMap((each) => headsOf(each).map((head) => ({ id: head.id, segment: each.id, head })));
      for (const id of closed.keys()) if (!lying.some((each) => each.id === id)) closed.delete(id);
      const done = found
        .filter(({ head }) => head.progress === "done")
        .sort((one, other) => (one.id < other.id ? -1 : 1));
      const undone = new Set<string>();
      for (const { id, head } of done.toReversed()) {
        if (head.undoes !== undefined && !undone.has(id)) undone.add(head.undoes);
      }
      return done.map((entry) => ({ ...entry, state: undone.has(entry.id) ? "undone" : "done" }));
    },
    read: ({ segment, head }) => segments.within(segment, (file) => deedAt(file, head)),
    content: ({ segment, head }, deed, path) => segments.within(segment, (file) => contentAt(file, head, deed, path)),
    abandoned: (isDead) =>
      segments
        .list()
        .filter(({ pid }) => pid !== undefined && isDead(pid))
        .flatMap(abandonedIn),
  };
}
