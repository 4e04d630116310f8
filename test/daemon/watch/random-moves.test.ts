import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { Watch } from "../../../daemon/watch/watch.js";
import { within } from "../../support/deadline.js";
import { randomFrom } from "../../support/random.js";
import { tempRoot } from "../../support/temp-root.js";
import { SIGNAL, sha256, watchPlace } from "./watching.js";

const SEED = 20_261;
const ROUNDS = 150;
const NAMES = ["a", "b", "c"];

/** What stands at each path: a hash, or that it is a folder. */
type Model = Map<string, string>;

function modelOf(folder: string): Model {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return new Map(
    paths.map((path) => {
      const at = join(folder, path);
      return [path, statSync(at).isDirectory() ? "folder" : sha256(readFileSync(at, "utf8"))];
    }),
  );
}

const isIn = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

/** A client that does as it is told, and nothing else. */
async function clientOf(watch: Watch, model: Model, asking: { readonly moves?: true }) {
  let { cursor } = await watch.changes({ root: "place" }, SIGNAL, "test");
  return {
    model,
    async hear(): Promise<void> {
      const answer = await watch.changes({ root: "place", since: cursor, ...asking }, SIGNAL, "test");
      expect(answer.overflow).toBeUndefined();
      ({ cursor } = answer);
      for (const { path, kind, hash, from } of answer.changes) {
        if (kind === "removed") model.delete(path);
        else if (kind === "moved" && from !== undefined) {
          for (const old of [...model.keys()].filter((known) => isIn(known, from))) {
            model.set(path + old.slice(from.length), model.get(old) ?? "");
            model.delete(old);
          }
        }
        if (kind !== "removed") model.set(path, hash ?? "folder");
      }
    },
  };
}

const sorted = (model: Model) => [...model].toSorted(([one], [other]) => (one < other ? -1 : 1));

test("whatever is made, changed, renamed and removed, who follows renames and who does not know the same as the disk", async () => {
  const random = randomFrom(SEED);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const { folder } = tempRoot();
  const watch = watchPlace(folder);
  const clients = await Promise.all([{}, { moves: true as const }].map((asking) => clientOf(watch, new Map(), asking)));

  function act(): void {
    const known = [...modelOf(folder).keys()];
    const fresh = Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(NAMES)).join("/");
    const way = dirname(join(folder, fresh));
    const old = known.length === 0 ? undefined : pick(known);
    const dice = random();
    if (
      dice < 0.45 &&
      old !== undefined &&
      !isIn(fresh, old) &&
      statSync(way, { throwIfNoEntry: false })?.isDirectory()
    ) {
      if (!existsSync(join(folder, fresh))) renameSync(join(folder, old), join(folder, fresh));
    } else if (dice < 0.6 && old !== undefined) rmSync(join(folder, old), { recursive: true });
    else if (statSync(join(folder, fresh), { throwIfNoEntry: false })?.isDirectory() !== true) {
      if (known.some((path) => fresh.startsWith(`${path}/`) && !statSync(join(folder, path)).isDirectory())) return;
      mkdirSync(way, { recursive: true });
      writeFileSync(join(folder, fresh), `${random()}`);
    }
  }

  for (let round = 0; round < ROUNDS; round += 1) {
    const before = sorted(modelOf(folder));
    for (let count = 1 + Math.floor(random() * 6); count > 0; count -= 1) act();
    const disk = sorted(modelOf(folder));
    for (const { model, hear } of clients) {
      while (JSON.stringify(sorted(model)) !== JSON.stringify(disk)) {
        const label = `round ${round} of seed ${SEED}: from ${JSON.stringify(before)} to ${JSON.stringify(disk)}, and the client has ${JSON.stringify(sorted(model))}`;
        await within(10, label, hear());
      }
    }
  }
});
