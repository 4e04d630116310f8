import { hash } from "node:crypto";
import { readFrames } from "./frames.ts";
import { closeConnections, fetchJson } from "./http.ts";
import { makePlace, type Place } from "./place.ts";
import { makeHome, type Running, startPuente, startRojo } from "./processes.ts";
import { median, milliseconds, printTable } from "./table.ts";

interface Content {
  readonly text: string;
  readonly hash: string;
}
type Tree = Map<string, Content>;

/** Every path, text and hash of the root, by `files/stream`. */
async function readPuente({ url }: Running, token: string): Promise<Tree> {
  const tree: Tree = new Map();
  await readFrames(url, token, { root: "bench", path: "", texts: true }, ({ entry, payload }, bytes) => {
    if (entry?.hash !== undefined && payload !== undefined) {
      tree.set(entry.path, { text: bytes.toString("utf8"), hash: entry.hash });
    }
  });
  return tree;
}

interface RojoInstance {
  Id: string;
  Parent: string;
  Name: string;
  Properties: { Source?: { String: string } };
}

/** The same from Rojo: its whole tree in one answer. Rojo sends neither path nor hash, so its client makes both. */
export async function readRojo({ url }: Running): Promise<Tree> {
  const { rootInstanceId } = await fetchJson<{ rootInstanceId: string }>(`${url}/api/rojo`);
  const { instances } = await fetchJson<{ instances: Record<string, RojoInstance> }>(
    `${url}/api/read/${rootInstanceId}`,
  );
  const tree: Tree = new Map();
  for (const instance of Object.values(instances)) {
    const text = instance.Properties.Source?.String;
    if (text === undefined) continue;
    const parent = instances[instance.Parent];
    tree.set(`${parent?.Name}/${instance.Name}.luau`, { text, hash: hash("sha256", text, "hex") });
  }
  return tree;
}

function refuseDifference(ours: Tree, theirs: Tree, place: Place): void {
  if (ours.size !== place.files || theirs.size !== place.files) {
    throw new Error(`${place.files} files, but Puente gave ${ours.size} and Rojo ${theirs.size}`);
  }
  for (const [path, content] of ours) {
    const other = theirs.get(path);
    if (other?.text !== content.text || other.hash !== content.hash) throw new Error(`${path} differs`);
  }
}

async function timed(start: () => Promise<Running>, read: (server: Running) => Promise<Tree>) {
  const server = await start();
  try {
    const tree = await read(server);
    return { tree, elapsedMs: performance.now() - server.startedMs };
  } finally {
    closeConnections();
    await server.stop();
  }
}

/** From the start of the process until a client holds every path, text and hash: Puente beside `rojo serve`. */
export async function benchTree(): Promise<void> {
  const { home, token, remove } = makeHome();
  const rows = [["files", "MB", "Puente", "Rojo", "ratio", "target"]];
  for (const [files, runs] of [
    [1_000, 9],
    [10_000, 9],
    [50_000, 5],
  ] as const) {
    const place = makePlace(files);
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let run = 0; run <= runs; run += 1) {
      const puente = await timed(
        () => startPuente(place.folder, home),
        (server) => readPuente(server, token),
      );
      const rojo = await timed(() => startRojo(place.project), readRojo);
      refuseDifference(puente.tree, rojo.tree, place);
      if (run === 0) continue; // The first fills the system's cache for both.
      ours.push(puente.elapsedMs);
      theirs.push(rojo.elapsedMs);
    }
    const ratio = (median(ours) / median(theirs)).toFixed(2);
    const size = (place.bytes / 1e6).toFixed(0);
    const target = files === 10_000 ? "≤ 0.5" : "";
    rows.push([`${files}`, size, milliseconds(median(ours)), milliseconds(median(theirs)), ratio, target]);
    place.remove();
  }
  remove();
  printTable("Tree: process start until the client holds every path, text and hash (medians)", rows);
}
