import type { Input } from "../../shared/contract/index.js";
import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";
import { type Change, type Deed, isContent, isFolder, isSame, isWhole, type Kind, type State } from "./change.js";
import { refuse } from "./errno.js";
import { type Expectation, parseExpectation } from "./expect.js";
import { hashOf } from "./hash.js";
import type { Wish } from "./plan.js";
import type { Visit } from "./sandbox.js";

type Edit = Input<"files/apply">["edits"][number];

/** An edit whose paths are without links, so that a file has one path in a batch and in the history. A link itself is neither removed nor moved. */
export function withoutLinks(visit: Visit, edit: Edit): Edit {
  const { kind, path, to } = edit;
  const last = kind === "remove" || kind === "move" ? "itself" : undefined;
  return {
    ...edit,
    path: visit.real(path, last).join("/"),
    ...(to !== undefined && { to: visit.real(to, "itself").join("/") }),
  };
}

/** The wishes of a batch, and what is to be written. */
export interface Wanted {
  readonly kind: Kind;
  readonly wishes: readonly Wish[];
  readonly contents: ReadonlyMap<string, Uint8Array>;
}

function changed(path: string, seen: State): never {
  const hash = isContent(seen) ? seen.hash : "absent";
  return fail("changed", "The file is not as expected.", { at: path, ...(hash !== undefined && { hash }) });
}

function holdFile(path: string, expectation: Expectation, seen: State): void {
  if (isFolder(seen)) refuse("is-a-folder", path);
  if (isContent(seen) && seen.hash === undefined) {
    fail("too-large", `The file has more than ${LIMITS.fileBytes} bytes and cannot be kept.`, { at: path });
  }
  if (expectation === "any") return;
  const hash = isContent(seen) ? seen.hash : "absent";
  if (hash !== (expectation === "absent" ? "absent" : expectation.hash)) changed(path, seen);
}

function goes({ path }: Edit, expectation: Expectation): Wish {
  return {
    path,
    after: "nothing",
    admit(seen) {
      if (isFolder(seen) && expectation === "any") return true;
      holdFile(path, expectation, seen);
      if (seen === "nothing") refuse("not-found", path);
      return true;
    },
  };
}

function wishesOf(edit: Edit, contents: Map<string, Uint8Array>): Wish[] {
  const { kind, path, to, text } = edit;
  if ((to !== undefined) !== (kind === "move")) fail("invalid-input", "edits: `to` is of a move", { at: path });
  if ((text !== undefined) !== (kind === "write")) fail("invalid-input", "edits: `text` is of a write", { at: path });
  const expectation = parseExpectation(edit.expect);
  if (kind === "folder") {
    if (typeof expectation === "object") fail("invalid-input", "edits: a folder has no hash", { at: path });
    return [
      {
        path,
        after: "folder",
        admit(seen) {
          if (isContent(seen)) refuse("not-a-folder", path);
          if (isFolder(seen) && expectation === "absent") refuse("is-a-folder", path);
          return seen === "nothing";
        },
      },
    ];
  }
  if (kind === "remove") return [goes(edit, expectation)];
  if (text !== undefined) {
    const bytes = Buffer.from(text);
    contents.set(path, bytes);
    const after = { hash: hashOf(bytes), bytes: bytes.length };
    return [
      {
        path,
        after,
        admit(seen) {
          holdFile(path, expectation, seen);
          return true;
        },
      },
    ];
  }
  return moveWishes(edit, to ?? "", expectation);
}

/**
 * The second is filled in once the first has been looked at: what arrives is what went. A folder moves with all that is
 * in it, whatever that is by then: nothing of it can be lost, so that there is nothing to expect of it.
 */
function moveWishes(edit: Edit, to: string, expectation: Expectation): Wish[] {
  const { path } = edit;
  let moved: State = "nothing";
  return [
    {
      path,
      after: "nothing",
      leaves: true,
      admit(seen) {
        if (!isFolder(seen) || expectation !== "any") holdFile(path, expectation, seen);
        if (seen === "nothing") refuse("not-found", path);
        moved = seen;
        return true;
      },
    },
    {
      path: to,
      get after() {
        return moved;
      },
      from: path,
      admit(seen) {
        holdFile(to, "absent", seen);
        return true;
      },
    },
  ];
}

/** What the edits of an apply want. Fails with `expect-missing` and `invalid-input`. */
export function wantedOf(edits: readonly Edit[]): Wanted {
  const [only] = edits;
  if (only === undefined) return fail("invalid-input", "edits: there are none", { at: "edits" });
  const contents = new Map<string, Uint8Array>();
  const wishes = edits.flatMap((edit) => wishesOf(edit, contents));
  return { kind: edits.length === 1 ? only.kind : "apply", wishes, contents };
}

/** What puts back an operation: each of its changes the other way round, the last one first. */
export function wishesBack({ changes }: Deed): Wish[] {
  const movedTo = new Map(changes.flatMap(({ path, from }) => (from === undefined ? [] : [[from, path] as const])));
  return changes.toReversed().map((change) => wishBack(change, movedTo.get(change.path)));
}

function wishBack({ path, before, after }: Change, from: string | undefined): Wish {
  return {
    path,
    after: before,
    ...(from !== undefined && { from }),
    ...(isWhole(after) && { leaves: true }),
    ifNotEmpty: "keep",
    isBack: true,
    admit(seen) {
      if (isWhole(before) || isWhole(after)) {
        const isIt = isWhole(after) ? isWhole(seen) && seen.folder === after.folder : seen === "nothing";
        if (!isIt) changed(path, seen);
        return true;
      }
      if (isContent(before) || isContent(after)) {
        if (!isSame(seen, after)) changed(path, seen);
        return true;
      }
      // Folders that came or went by other hands meanwhile are left as they are.
      if (isContent(seen)) refuse("not-a-folder", path);
      return isSame(seen, after);
    },
  };
}
