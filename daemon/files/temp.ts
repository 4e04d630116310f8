import { randomBytes } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { Failure, fail } from "../fail.js";
import { temporaryName } from "./denied.js";
import { create, lookAt, remove } from "./leaf.js";
import type { Visit } from "./sandbox.js";
import type { Temps } from "./temps.js";

/** A file of ours that is to take another name once it is whole. */
export interface Temp {
  /** The folder it is in, and its name. */
  readonly names: readonly string[];
  readonly name: string;
  readonly handle: FileHandle;
  /** Removes it, if it is still there. */
  drop(visit: Visit): void;
}

export async function createTemp(
  visit: Visit,
  folder: readonly string[],
  mode: number,
  temps: Temps | undefined,
): Promise<Temp> {
  const name = temporaryName(randomBytes(16).toString("hex"));
  const names = [...folder, name];
  temps?.add(names.join("/"));
  try {
    const handle = await create({ folder: visit.folder(folder), name }, mode);
    return {
      names,
      name,
      handle,
      drop(visitNow) {
        try {
          const place = { folder: visitNow.folder(folder), name };
          if (lookAt(place) !== undefined) remove(place);
        } catch (error) {
          // Its folder is gone, and it with it.
          if (!(error instanceof Failure) || error.problem.code !== "not-found") throw error;
        } finally {
          temps?.gone();
        }
      },
    };
  } catch (error) {
    temps?.gone();
    throw error;
  }
}

/** Fails with `disk-error` where a file holds another number of bytes than it was given. */
export async function checkSize({ handle }: Pick<Temp, "handle">, bytes: number, path: string): Promise<void> {
  const { size } = await handle.stat();
  if (size !== bytes) fail("disk-error", "The disk took fewer bytes than it was given.", { at: path });
}
