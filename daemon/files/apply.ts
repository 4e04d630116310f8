import type { Input, Output } from "../../shared/contract/index.js";
import { fail } from "../fail.js";
import { type Deed, isContent, isFolder, isKept } from "./change.js";
import { commit, Stale } from "./commit.js";
import { wantedOf, wishesBack } from "./edits.js";
import type { Ground } from "./ground.js";
import { contentBefore, type find } from "./history.js";
import { plan, type Step, type Wish } from "./plan.js";

type Undoable = Output<"files/apply">;

/** How often what is looked at may change before it is done, until the batch gives up. */
const TRIES = 8;

/** Carries out the edits of a batch, all of them or none. */
export async function apply(ground: Ground, edits: Input<"files/apply">["edits"], by: string): Promise<Undoable> {
  const { kind, wishes, contents } = wantedOf(edits);
  return await carryOut(ground, wishes, { kind, by, timeMs: Date.now() }, (path) => {
    return contents.get(path) ?? fail("internal", "An edit without its text.");
  });
}

/** Puts back what an operation changed, all of it or nothing; an operation like any other. */
export async function undo(ground: Ground, found: ReturnType<typeof find>, by: string): Promise<Undoable> {
  const { entry, deed } = found;
  if (!isKept(deed)) fail("no-undo", "A file was too large to be kept.", { at: "undo" });
  const doing = { kind: "undo" as const, by, timeMs: Date.now(), undoes: entry.id };
  return await carryOut(ground, wishesBack(deed), doing, (path) => contentBefore(found, path));
}

async function carryOut(
  ground: Ground,
  wishes: readonly Wish[],
  deed: Omit<Deed, "changes">,
  contents: (path: string) => Uint8Array,
): Promise<Undoable> {
  let at = "";
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const steps = await plan(ground.there, wishes, ground.pace);
    try {
      return { undo: await commit(ground, steps, deed, contents), results: steps.map(resultOf) };
    } catch (error) {
      // The next plan sees what it is now: it fails with `changed`, or goes on where anything will do.
      if (!(error instanceof Stale)) throw error;
      at = error.path;
    }
  }
  return fail("file-busy", "The file keeps changing.", { at });
}

function resultOf({ change: { path, after } }: Step): Undoable["results"][number] {
  if (!isContent(after)) return { path, kind: isFolder(after) ? "folder" : "nothing" };
  return { path, kind: "file", bytes: after.bytes, ...(after.hash !== undefined && { hash: after.hash }) };
}
