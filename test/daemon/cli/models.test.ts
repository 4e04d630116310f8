import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { puente, serve } from "../../support/cli.js";
import { modelServer } from "../../support/model-server.js";
import { tempRoot } from "../../support/temp-root.js";

const openai = () =>
  modelServer(({ response, headers }) => {
    const isKnown = headers["authorization"] === "Bearer from the environment";
    response.writeHead(isKnown ? 200 : 401, { "content-type": "application/json" });
    response.end(
      JSON.stringify(
        isKnown
          ? { data: [{ id: "org/big", owned_by: "vllm", max_model_len: 8192 }] }
          : { error: { message: "Who are you?" } },
      ),
    );
  });

const ollama = () =>
  modelServer(({ url, response }) => {
    const tiny = { name: "tiny:1b", model: "tiny:1b", size: 1_300_000_000, capabilities: ["completion", "tools"] };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ models: url === "/api/tags" ? [tiny] : [] }));
  });

async function serving(home: string, ...args: string[]) {
  const daemon = await serve(["--port", "0", "--no-discovery", ...args], {
    home,
    env: { THE_KEY: "Bearer from the environment" },
  });
  onTestFinished(async () => void (await daemon.end("SIGTERM")));
  return daemon;
}

test("puente models lists what was found, and what to do about the rest", async () => {
  const { base, folder } = tempRoot();
  const home = join(base, "home");
  const cluster = await openai();
  const local = await ollama();
  const closed = await modelServer(() => undefined);
  await closed.close();
  const config = join(base, "config.json");
  const header = { name: "authorization", from: { env: "THE_KEY" } };
  const upstreams = [
    { name: "cluster", url: `${cluster.url}/v1`, dialect: "openai", header },
    { name: "locked", url: cluster.url, dialect: "openai" },
  ];
  writeFileSync(config, JSON.stringify({ upstreams, roots: [{ name: "place", folder }] }));
  const flags = ["--upstream", `here=ollama+${local.url}`, "--upstream", `away=openai+${closed.url}`];
  const daemon = await serving(home, "--config", config, ...flags);
  const { code, stdout } = await puente(["models"], { home });
  expect(stdout).toBe(`Models:
  here/tiny:1b  (1.3 GB, tools)
  cluster/org/big  (running, 8192 tokens)

Providers:
  here  ollama  ready
  away  openai  unreachable: The upstream away takes no connection (ECONNREFUSED). Start it, or correct its address in ${config}.
  cluster  openai  ready
  locked  openai  refused: locked: Who are you? Set its key in the configuration.
`);
  expect(code).toBe(0);
  const json = await puente(["models", "--json"], { home });
  expect(JSON.parse(json.stdout)).toMatchObject({
    url: daemon.url,
    models: [{ id: "here/tiny:1b", bytes: 1_300_000_000 }, { id: "cluster/org/big" }],
    providers: [{ name: "here" }, { name: "away" }, { name: "cluster" }, { name: "locked" }],
  });
});

test("where there is no model server it says which there are; where no daemon runs, how to start one", async () => {
  const { base, folder } = tempRoot();
  const home = join(base, "home");
  const none = await puente(["models"], { home });
  expect([none.code, none.stderr]).toEqual([
    1,
    "puente: no daemon runs; start one with npm run --silent puente -- serve\n",
  ]);
  await serving(home, folder);
  const { code, stdout } = await puente(["models"], { home });
  expect([code, stdout]).toEqual([
    1,
    expect.stringMatching(/^No model server was found\. .*Ollama, LM Studio.*\n.*--upstream/),
  ]);
});

test("a dialect that is none, in the config file and before a URL", async () => {
  const { base, folder } = tempRoot();
  const config = join(base, "config.json");
  writeFileSync(config, JSON.stringify({ upstreams: [{ name: "up", url: "https://a.example", dialect: "openia" }] }));
  for (const [args, says] of [
    [["--config", config], /dialect: must be one of ollama, openai, anthropic, gemini/],
    [["--upstream", "up=openia+http://a.example"], /openia is no dialect; there are ollama, openai/],
  ] as const) {
    const { code, stderr } = await puente(["serve", folder, "--port", "0", ...args], { home: join(base, "home") });
    expect([code, stderr]).toEqual([1, expect.stringMatching(says)]);
  }
});

test("a dialect's key is never sent in the clear to another machine", async () => {
  const { base, folder } = tempRoot();
  const config = join(base, "config.json");
  const header = { name: "x-api-key", from: { env: "THE_KEY" } };
  const upstreams = [{ name: "claude", url: "http://api.anthropic.example", dialect: "anthropic", header }];
  writeFileSync(config, JSON.stringify({ upstreams }));
  const { code, stderr } = await puente(["serve", folder, "--port", "0", "--config", config], {
    home: join(base, "home"),
    env: { THE_KEY: "canary" },
  });
  expect([code, stderr]).toEqual([1, expect.stringContaining("a header is sent by https, or to this machine only")]);
  expect(stderr).not.toContain("canary");
});
