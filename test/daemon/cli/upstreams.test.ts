import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { puente, serve } from "../../support/cli.js";
import { startOrigin } from "../../support/origin.js";
import { get } from "../../support/relaying.js";
import { tempRoot } from "../../support/temp-root.js";

async function tokenOf(home: string, scope: string): Promise<string> {
  return (await puente(["token", "create", "--name", "test", "--scope", scope], { home })).stdout.trim();
}

test("--upstream names a server, --stream-cap the streams of a token, and a token may have one relay", async () => {
  const origin = await startOrigin();
  const { folder, base } = tempRoot();
  const home = join(base, "home");
  const token = await tokenOf(home, "relay:up");
  const daemon = await serve([folder, "--port", "0", "--upstream", `up=${origin.url}/v1`, "--stream-cap", "1"], {
    home,
  });
  const asked = get({ ...daemon, token }, "raw/up/x");
  const { url, response } = await origin.next();
  expect(url).toBe("/v1/x");
  expect((await get({ ...daemon, token }, "raw/up/y")).status).toBe(429);
  response.end("said");
  expect((await asked).body.toString()).toBe("said");
  expect(await daemon.end("SIGTERM")).toBe(0);
  await origin.close();
});

test("the config file names upstreams, and where a header's value is", async () => {
  const origin = await startOrigin(({ request, response }) => response.end(request.headers["x-key"]));
  const { base } = tempRoot();
  const home = join(base, "home");
  const token = await tokenOf(home, "relay:*");
  const config = join(base, "config.json");
  const upstreams = [
    { name: "env", url: origin.url, header: { name: "x-key", from: { env: "THE_KEY" } }, firstByteSeconds: 5 },
    { name: "file", url: origin.url, header: { name: "x-key", from: { file: "key" } }, idleSeconds: 5 },
  ];
  writeFileSync(join(base, "key"), "from a file\n", { mode: 0o600 });
  writeFileSync(config, JSON.stringify({ upstreams, streamCap: 3, clientStallSeconds: 60 }));
  const daemon = await serve(["--port", "0", "--config", config], { home, env: { THE_KEY: "from the environment" } });
  expect((await get({ ...daemon, token }, "raw/env/x")).body.toString()).toBe("from the environment");
  expect((await get({ ...daemon, token }, "raw/file/x")).body.toString()).toBe("from a file");
  expect(await daemon.end("SIGTERM")).toBe(0);
  await origin.close();
});

describe("what cannot be used is one line, without the value", () => {
  const header = (from: object) => ({ name: "x-key", from });
  const rows: readonly (readonly [what: string, args: readonly string[], config: object, says: RegExp])[] = [
    ["no URL", ["--upstream", "up"], {}, /write it as NAME=URL/],
    ["another scheme", ["--upstream", "up=ftp://a.example"], {}, /speak to it by http/],
    ["a name with a slash", ["--upstream", "a/b=http://a.example"], {}, /cannot be named/],
    ["a password in the URL", ["--upstream", "up=http://a:canary@b.example"], {}, /name a header/],
    ["two of a name", ["--upstream", "up=http://a.example", "--upstream", "up=http://b.example"], {}, /two upstreams/],
    ["a cap of none", ["--stream-cap", "0"], {}, /1 to 64/],
    ["a cap above all", ["--stream-cap", "65"], {}, /1 to 64/],
    [
      "a variable that is not set",
      [],
      { name: "up", url: "https://a.example", header: header({ env: "NOT_SET" }) },
      /nothing in NOT_SET/,
    ],
    [
      "a file that is not there",
      [],
      { name: "up", url: "https://a.example", header: header({ file: "none" }) },
      /ENOENT/,
    ],
    [
      "a file that others may read",
      [],
      { name: "up", url: "https://a.example", header: header({ file: "wide" }) },
      /chmod 600/,
    ],
    [
      "two places",
      [],
      { name: "up", url: "https://a.example", header: header({ file: "key", env: "PATH" }) },
      /one place/,
    ],
    ["a header in the clear", [], { name: "up", url: "http://a.example", header: header({ file: "key" }) }, /https/],
    [
      "a value that is no header",
      [],
      { name: "up", url: "https://a.example", header: header({ file: "lines" }) },
      /cannot be sent/,
    ],
  ];
  test.each(rows)("%s", async (_what, args, upstream, says) => {
    const { base } = tempRoot();
    for (const [file, text] of [
      ["key", "canary"],
      ["wide", "canary"],
      ["lines", "can\nary"],
    ] as const) {
      writeFileSync(join(base, file), text, { mode: 0o600 });
    }
    chmodSync(join(base, "wide"), 0o644);
    const config = join(base, "config.json");
    writeFileSync(config, JSON.stringify("name" in upstream ? { upstreams: [upstream] } : {}));
    const { code, stderr } = await puente(["serve", "--port", "0", "--config", config, ...args], {
      home: join(base, "home"),
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(says);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).not.toContain("canary");
  });

  test("a scope that is none", async () => {
    const { base } = tempRoot();
    for (const scope of ["relay:", "relay:a b", "relay", "relay:../x"]) {
      const { code, stderr } = await puente(["token", "create", "--name", "x", "--scope", scope], {
        home: join(base, "home"),
      });
      expect([code, stderr]).toEqual([1, expect.stringContaining("there is no scope")]);
    }
  });
});
