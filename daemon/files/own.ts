import type { Output } from "../../shared/contract/index.js";
import type { OwnWrite } from "../own-write.js";
import type { Files } from "./files.js";
import type { Writing } from "./write.js";

/** Writes a file, and says so to whoever watches: from the end of the body on its name may change at any moment. */
export async function writeOwn(
  files: Pick<Files, "write">,
  own: OwnWrite,
  root: string,
  writing: Writing,
): Promise<Output<"files/write">> {
  let written: Output<"files/write"> | undefined;
  try {
    written = await files.write(root, { ...writing, body: heldAtEnd(writing.body, own) });
    return written;
  } finally {
    own.done(written === undefined ? [] : [{ path: writing.path, hash: written.hash }]);
  }
}

/** Carries out a batch or an undoing, and says so to whoever watches. */
export async function changeOwn(
  own: OwnWrite,
  change: () => Promise<Output<"files/apply">>,
): Promise<Output<"files/apply">> {
  let changed: Output<"files/apply"> | undefined;
  own.hold();
  try {
    changed = await change();
    return changed;
  } finally {
    own.done(changed?.results ?? []);
  }
}

async function* heldAtEnd(body: AsyncIterable<Uint8Array>, own: OwnWrite): AsyncGenerator<Uint8Array> {
  yield* body;
  own.hold();
}
