import { expect, onTestFinished, test } from "vitest";
import { startDaemon } from "../../support/daemon.js";
import { SEED } from "../../support/seed.js";
import { hostilePaths } from "./hostile-paths.js";
import { expectNoTrace, guarded, world } from "./hostile-world.js";

const PATHS = 200;

test(`${PATHS} hostile paths over HTTP, in JSON and in a query: no fault, nothing from outside (seed ${SEED})`, async () => {
  const made = world();
  const daemon = await startDaemon([{ name: "place", folder: made.folder, access: "write" }], 0, { followLinks: true });
  onTestFinished(() => daemon.close());
  const before = guarded(made);
  const authorization = `Bearer ${daemon.token}`;
  const statuses = new Set<number>();

  async function take(path: string, name: string, answer: Promise<Response>): Promise<void> {
    const response = await answer;
    const told = `seed ${SEED}, ${name} ${JSON.stringify(path)}`;
    expect(response.status, told).toBeLessThan(500);
    statuses.add(response.status);
    expectNoTrace(await response.text(), told);
  }

  for (const path of hostilePaths(PATHS, SEED, made.base)) {
    const query = new URLSearchParams({ root: "place", path, expect: "any" });
    const headers = { "content-type": "application/octet-stream", authorization };
    await Promise.all([
      take(path, "list", daemon.call("files/list", { root: "place", path, depth: 3, hashes: true })),
      take(path, "after", daemon.call("files/list", { root: "place", path: "", after: path })),
      take(path, "stat", daemon.call("files/stat", { root: "place", path })),
      take(path, "read", daemon.call("files/read", { root: "place", path })),
      take(path, "read-many", daemon.call("files/read-many", { root: "place", paths: [path] })),
      take(path, "root", daemon.call("files/list", { root: path, path: "" })),
      take(path, "write", fetch(`${daemon.url}/v1/files/write?${query}`, { method: "POST", headers, body: "written" })),
    ]);
  }
  expect(guarded(made)).toEqual(before);
  expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 403, 404, 409]));
  expect(daemon.logged.filter((line) => line.includes("fault"))).toEqual([]);
});
