import { hash } from "node:crypto";
import { closeConnections, fetchJson } from "./http.ts";
import { makePlace, type Place } from "./place.ts";
import { makeHome, type Running, startPuente, startRojo } from "./processes.ts";
import { median, milliseconds, printTable } from "./table.ts";

interface Content {
  readonly text: string;
  readonly hash: string;
}
type Tree = Map<string, Content>;

interface Entry {
  path: string;
  kind: string;
  bytes: number;
}

/** Bytes that a client asks for at once; with two requests under way, the daemon reads while the client parses. */
const BATCH_BYTES = 2 * 1024 * 1024;
const UNDER_WAY = 2;

function batchesOf(entries: readonly Entry[]): string[][] {
  const batches: string[][] = [];
  let room = 0;
  for (const { path, bytes } of entries) {
    if (room < bytes || (batches.at(-1)?.length ?? 0) >= 4096) {
      batches.push([]);
      room = BATCH_BYTES;
    }
    batches.at(-1)?.push(path);
    room -= bytes;
  }
  return batches;
}

/** Every path, text and hash of the root, by pages of `files/list` and batches of `files/read-many`. */
export async function readPuente({ url }: Running, token: string): Promise<Tree> {
  const tree: Tree = new Map();
  const call = <T>(name: string, json: unknown) => fetchJson<T>(`${url}/v1/${name}`, { token, json });
  const queue: string[][] = [];
  let after: string | undefined;
  let listed = false;
  const drain = async () => {
    for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
      const { files, leftOut } = await call<{ files: ({ path: string } & Content)[]; leftOut: string[] }>(
        "files/read-many",
        { root: "bench", paths: batch },
      );
      for (const file of files) tree.set(file.path, { text: file.text, hash: file.hash });
      if (leftOut.length > 0) queue.push(leftOut);
    }
  };
  while (!listed) {
    const page = await call<{ entries: Entry[]; after?: string }>("files/list", {
      root: "bench",
      path: "",
      depth: 64,
      ...(after !== undefined && { after }),
    });
    queue.push(...batchesOf(page.entries.filter(({ kind }) => kind === "file")));
    after = page.after;
    listed = after === undefined;
    await Promise.all(Array.from({ length: UNDER_WAY }, drain));
  }
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
