import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { puente, type Serving, serve } from "../../support/cli.js";

const SECRET = "canary-5f1d0c";
let top: string;
let home: string;
let folder: string;
let daemon: Serving;
let token: string;
beforeEach(async () => {
  top = mkdtempSync(join(tmpdir(), "puente-undo-"));
  [home, folder] = [join(top, "home"), join(top, "place")];
  mkdirSync(folder);
  writeFileSync(join(folder, "a.luau"), `return "${SECRET}"\n`);
  token = (await puente(["token", "create", "--name", "tester", "--scope", "all"], { home })).stdout.trim();
  daemon = await serve([folder, "--port", "0"], { home });
});
afterEach(async () => {
  await daemon.end("SIGTERM");
  rmSync(top, { recursive: true, force: true });
});

async function call<T>(name: string, input: unknown): Promise<T> {
  const response = await fetch(`${daemon.url}/v1/${name}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(input),
  });
  return (await response.json()) as T;
}

const remove = () =>
  call<{ undo: string }>("files/apply", {
    root: "place",
    edits: [{ kind: "remove", path: "a.luau", expect: "any" }],
  });

test("puente undo lists what was done, and puts it back", async () => {
  expect((await puente(["undo"], { home })).stdout).toBe("Nothing was done yet.\n");
  const { undo } = await remove();
  const listed = await puente(["undo"], { home });
  expect(listed).toMatchObject({ code: 0, stderr: "" });
  expect(listed.stdout).toMatch(new RegExp(`^${undo}  [0-9T:.Z-]+  tester  remove place: a\\.luau\n$`));
  const undone = await puente(["undo", undo], { home });
  expect(undone).toMatchObject({ code: 0, stderr: "" });
  expect(readFileSync(join(folder, "a.luau"), "utf8")).toContain(SECRET);
  const lines = (await puente(["undo", "--json"], { home })).stdout.trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { kind: "undo", by: "operator", root: "place", paths: ["a.luau"], canUndo: true },
    { undo, kind: "remove", by: "tester", canUndo: false },
  ]);
});

test("what cannot be undone is said in one line, exit 1", async () => {
  const { undo } = await remove();
  writeFileSync(join(folder, "a.luau"), "mine");
  expect(await puente(["undo", undo], { home })).toMatchObject({
    code: 1,
    stderr: "puente: a.luau: The file is not as expected.\n",
  });
  expect(await puente(["undo", "nonsense"], { home })).toMatchObject({ code: 1, stdout: "" });
  expect(readFileSync(join(folder, "a.luau"), "utf8")).toBe("mine");
});

test("the history outlives the daemon, and what it keeps is in no log and no answer of another", async () => {
  const { undo } = await remove();
  await daemon.end("SIGTERM");
  const said = JSON.stringify(daemon.events) + daemon.stderr();
  expect(said).not.toContain(SECRET);
  expect(readdirSync(join(home, "journal"))).toHaveLength(1);
  // A root that holds Puente's own folder shows nothing of it.
  daemon = await serve(["--root", `all=${top}`, "--port", "0"], { home });
  const listing = JSON.stringify(await call("files/list", { root: "all", path: "", depth: 9 }));
  expect(listing).toContain("place");
  expect(listing).not.toContain("home");
  const [id = ""] = readdirSync(join(home, "journal"));
  const [record = ""] = readdirSync(join(home, "journal", id));
  for (const name of ["files/stat", "files/read"]) {
    expect(await call(name, { root: "all", path: `home/journal/${id}/${record}` })).toMatchObject({
      code: "denied-path",
    });
  }
  expect(await call("files/undo", { undo })).toMatchObject({ code: "no-undo" });
  await daemon.end("SIGTERM");
  daemon = await serve([folder, "--port", "0"], { home });
  await call("files/undo", { undo });
  expect(readFileSync(join(folder, "a.luau"), "utf8")).toContain(SECRET);
});

test("without a daemon it says so", async () => {
  const other = join(top, "other");
  expect(await puente(["undo"], { home: other })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no daemon runs/),
  });
});
