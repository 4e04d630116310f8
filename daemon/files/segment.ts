import type { Deed } from "./change.js";
import type { NewFile } from "./new-file.js";
import { encode, type Head, letterOf, type Progress } from "./record.js";
import { together } from "./together.js";

/** A file of the journal that this process writes operations to, one behind another. */
export interface Segment {
  readonly id: string;
  readonly madeMs: number;
  /** What it holds, as far as the last operation that was begun. */
  bytes(): number;
  operations(): number;
  /** Whether each of its operations is done or dropped. */
  isSettled(): boolean;
  /** Writes an operation, which is open; its contents are added next. Answers where it is. */
  begin(id: string, deed: Deed): number;
  /** Little is added when this returns; then it answers nothing. */
  add(content: Uint8Array): Promise<void> | undefined;
  /** Takes back the last operation that was begun. */
  takeBack(at: number): void;
  /** Says how far an operation has come. */
  mark(at: number, progress: Exclude<Progress, "open">): void;
  /** Makes safe on disk what was written, and the file's name. */
  sync(): Promise<void>;
  /** To be called once, when it is safe on disk. The file is closed when nobody waits for the disk any more. */
  close(): void;
}

/** @param syncName makes the file's name safe on disk. @param heads of what it holds already. */
export function createSegment(
  id: string,
  file: NewFile,
  syncName: () => Promise<void>,
  heads: readonly Head[] = [],
): Segment {
  const madeMs = Date.now();
  let operations = heads.length;
  let open = heads.filter(({ progress }) => progress === "open").length;
  let isNamed = false;
  let isOver = false;
  let syncing = 0;

  async function syncNameOnce(): Promise<void> {
    if (isNamed) return;
    await syncName();
    isNamed = true;
  }

  function takeBack(at: number): void {
    operations -= 1;
    open -= 1;
    file.cut(at);
  }

  return {
    id,
    madeMs,
    bytes: file.bytes,
    operations: () => operations,
    isSettled: () => open === 0,
    begin(operation, deed) {
      const at = file.bytes();
      operations += 1;
      open += 1;
      try {
        file.writeNow(encode(id, operation, deed));
      } catch (error) {
        takeBack(at);
        throw error;
      }
      return at;
    },
    add: file.write,
    takeBack,
    mark(at, progress) {
      open -= 1;
      file.overwrite(Buffer.from(letterOf(progress)), at);
    },
    async sync() {
      if (isOver) return; // Whoever closed it had made it safe.
      syncing += 1;
      try {
        await together(file.syncContent(), syncNameOnce());
      } finally {
        syncing -= 1;
        if (isOver && syncing === 0) file.close();
      }
    },
    close() {
      isOver = true;
      if (syncing === 0) file.close();
    },
  };
}
