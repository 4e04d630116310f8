import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { puente, serve } from "../../support/cli.js";
import { tempRoot } from "../../support/temp-root.js";

async function tokenOf(home: string, scope: string): Promise<string> {
  return (await puente(["token", "create", "--name", "test", "--scope", scope], { home })).stdout.trim();
}

test("--ignore and the config file say what listings pass over, the flag last", async () => {
  const { base, folder, put } = tempRoot({
    "a.luau": "",
    "a.log": "",
    "keep.log": "",
    "dist/a": "",
    "node_modules/a": "",
  });
  const home = join(base, "home");
  const token = await tokenOf(home, "files:read");
  const config = join(base, "config.json");
  writeFileSync(config, JSON.stringify({ ignore: ["*.log", "!dist/"], roots: [{ name: "place", folder }] }));
  const daemon = await serve(["--port", "0", "--config", config, "--ignore", "!keep.log"], { home });
  put("b.log");
  const answer = await fetch(`${daemon.url}/v1/files/list`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ root: "place", path: "" }),
  });
  const { entries } = (await answer.json()) as { entries: { path: string }[] };
  expect(entries.map(({ path }) => path)).toEqual(["a.luau", "dist", "keep.log"]);
  expect(await daemon.end("SIGTERM")).toBe(0);
});
