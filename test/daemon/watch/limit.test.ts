import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { platform } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { puente, serve } from "../../support/cli.js";
import { within } from "../../support/deadline.js";
import { tempRoot } from "../../support/temp-root.js";

/** Of what the system gives to us alone, for which nobody needs to be root: 12 watches. */
const FEW_WATCHES = ["unshare", "-r", "sh", "-c", 'echo 12 > /proc/sys/user/max_inotify_watches && exec "$0" "$@"'];
const FOLDERS = 30;

interface Told {
  readonly cursor: string;
  readonly changes: readonly { path: string; kind: string }[];
  readonly polling?: boolean;
}

describe.runIf(platform() === "linux")("where the system gives too few watches", () => {
  test("the daemon says so once, finds each change by looking, follows no link, and goes back when there are enough", async () => {
    const { folder, base, put, at } = tempRoot();
    for (let count = 0; count < FOLDERS; count += 1) mkdirSync(at(`${count}`));
    mkdirSync(join(base, "outside"));
    writeFileSync(join(base, "outside/secret.txt"), "canary");
    const home = join(base, "home");
    const { stdout: token } = await puente(["token", "create", "--name", "a", "--scope", "all"], { home });
    const daemon = await serve(["--root", `place=${folder}`, "--port", "0"], { home, under: FEW_WATCHES });
    onTestFinished(async () => {
      expect(await daemon.end("SIGTERM")).toBe(0);
    });

    async function ask(since?: string): Promise<Told> {
      const response = await fetch(`${daemon.url}/v1/watch/changes`, {
        method: "POST",
        headers: { authorization: `Bearer ${token.trim()}`, "content-type": "application/json" },
        body: JSON.stringify({ root: "place", ...(since !== undefined && { since }) }),
      });
      return (await response.json()) as Told;
    }
    const first = await within(10, "the first answer", ask());
    expect(first.polling).toBe(true);
    expect(daemon.stderr().match(/max_user_watches/gu)).toHaveLength(1);

    let { cursor } = first;
    const told = new Map<string, string>();
    async function until(label: string, isDone: (answer: Told) => boolean): Promise<void> {
      for (;;) {
        const answer = await within(15, `${label}; so far ${[...told.keys()]}`, ask(cursor));
        ({ cursor } = answer);
        for (const { path, kind } of answer.changes) told.set(path, kind);
        if (isDone(answer)) return;
      }
    }
    for (let count = 0; count < FOLDERS; count += 1) put(`${count}/file.txt`, `${count}`);
    await until("a file in each folder", () => told.size === FOLDERS);
    renameSync(at("29"), join(base, "moved"));
    symlinkSync(join(base, "outside"), at("29"));
    await until("the folder that became a link", () => told.get("29/file.txt") === "removed");
    for (let count = 5; count < FOLDERS; count += 1) rmSync(at(`${count}`), { recursive: true });
    await until("the removed folders", () => told.get("28") === "removed");
    put("0/file.txt", "again");
    await until("the end of the polling", ({ polling }) => {
      put("0/file.txt", `again ${performance.now()}`);
      return polling === undefined;
    });
    expect([...told.keys()].filter((path) => path.includes("secret"))).toEqual([]);
    expect(daemon.stderr().match(/max_user_watches/gu)).toHaveLength(1);
  });
});
