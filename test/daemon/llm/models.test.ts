import { expect, onTestFinished, test, vi } from "vitest";
import type { LocalServer } from "../../../daemon/llm/local-servers.js";
import { type DialectName, resolveUpstream, type UpstreamSetting } from "../../../daemon/upstream/upstream.js";
import type { Output } from "../../../shared/contract/index.js";
import { ask, chatOver, daemonOf, linkTo } from "../../support/chatting.js";
import type { TestDaemon } from "../../support/daemon.js";
import { within } from "../../support/deadline.js";
import { type ModelServer, type ModelVisit, modelServer } from "../../support/model-server.js";
import { get, until } from "../../support/relaying.js";

type Listing = Output<"llm/models">;

const OLLAMA = { models: [{ name: "tiny:1b", model: "tiny:1b", size: 1000 }] };
const OPENAI = { object: "list", data: [{ id: "coder" }] };

/** A server whose lists are these, by path. */
const lists = (answers: { readonly [url: string]: unknown }) =>
  modelServer(({ url, response }) => {
    response.writeHead(url in answers ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(answers[url] ?? { error: "not found" }));
  });

const local = (name: string, { port }: { readonly port: number }, dialect: DialectName = "openai"): LocalServer => ({
  name,
  title: name.toUpperCase(),
  port,
  dialect,
});

async function daemonWith(
  localServers: readonly LocalServer[],
  settings: readonly UpstreamSetting[] = [],
): Promise<TestDaemon> {
  return await daemonOf(
    [],
    0,
    { upstreams: settings.map(resolveUpstream), path: "/etc/puente.json" },
    undefined,
    localServers,
  );
}

async function listed(daemon: TestDaemon, input: object = {}): Promise<Listing> {
  const response = await within(5, "the list of models", daemon.call("llm/models", input));
  return (await response.json()) as Listing;
}

/** Looks again until these are found: the look has its 300 ms, and a busy machine may need more. */
async function found(daemon: TestDaemon, ...names: string[]): Promise<Listing> {
  let listing = await listed(daemon);
  const isThere = () => names.every((name) => listing.providers.some((provider) => provider.name === name));
  await until(`${names.join(", ")} found`, async () => {
    if (!isThere()) listing = await listed(daemon, { again: true });
    return isThere();
  });
  return listing;
}

/** A port that nothing listens on. */
async function closedPort(): Promise<number> {
  const server = await modelServer(() => undefined);
  await server.close();
  return server.port;
}

test("local servers are found at start, listed and asked; what is none is left alone", async () => {
  const ollama = await lists({ "/api/tags": OLLAMA, "/api/ps": { models: [] } });
  const lmstudio = await lists({ "/v1/models": OPENAI });
  const page = await modelServer(({ response }) => void response.end("<h1>my site</h1>"));
  const other = await lists({ "/v1/models": { data: "none of yours" } });
  const elsewhere = await modelServer(({ response }) => void response.writeHead(302, { location: lmstudio.url }).end());
  const daemon = await daemonWith([
    local("ollama", ollama, "ollama"),
    local("lmstudio", lmstudio),
    local("llamacpp", page),
    local("vllm", other),
    local("jan", elsewhere),
    local("koboldcpp", { port: await closedPort() }),
  ]);
  await ollama.visit("GET", "/api/tags");
  expect(await found(daemon, "ollama", "lmstudio")).toEqual({
    models: [
      { id: "ollama/tiny:1b", provider: "ollama", name: "tiny:1b", bytes: 1000, running: false },
      { id: "lmstudio/coder", provider: "lmstudio", name: "coder" },
    ],
    providers: [
      { name: "ollama", dialect: "ollama", state: "ready" },
      { name: "lmstudio", dialect: "openai", state: "ready" },
    ],
  });
  for (const asked of [page, other, elsewhere]) {
    expect(new Set(asked.visits.map(({ method, url }) => `${method} ${url}`))).toEqual(new Set(["GET /v1/models"]));
  }
});

test("a server that takes its time is not waited for, neither by the daemon's start nor by the list", async () => {
  const slow = await modelServer(() => undefined);
  const beganMs = Date.now();
  const daemon = await daemonWith([local("vllm", slow)]);
  expect(await listed(daemon)).toEqual({ models: [], providers: [] });
  expect(Date.now() - beganMs).toBeLessThan(2000);
  await until("nothing is left open", () => slow.connections() === 0);
});

test("a server that is found is reached by relay under its name, with the scope of its name", async () => {
  const server = await lists({ "/v1/models": OPENAI });
  const daemon = await daemonWith([local("lmstudio", server)]);
  await found(daemon, "lmstudio");
  const token = daemon.createToken("relay", ["relay:lmstudio"]);
  const relayed = await get({ ...daemon, token }, "raw/lmstudio/v1/models");
  expect([relayed.status, JSON.parse(relayed.body.toString())]).toEqual([200, OPENAI]);
  expect(
    (await get({ ...daemon, token: daemon.createToken("other", ["relay:other"]) }, "raw/lmstudio/v1/models")).status,
  ).toBe(403);
});

test("a configured name wins, and a configured address is not found again", async () => {
  const found = await lists({ "/v1/models": OPENAI });
  const configured = await lists({ "/v1/models": { data: [{ id: "mine" }] } });
  const daemon = await daemonWith(
    [local("lmstudio", found), local("jan", configured)],
    [{ name: "lmstudio", url: `http://localhost:${configured.port}/v1`, dialect: "openai" }],
  );
  const { models, providers } = await listed(daemon);
  expect(models.map(({ id }) => id)).toEqual(["lmstudio/mine"]);
  expect(providers.map(({ name }) => name)).toEqual(["lmstudio"]);
  expect(found.visits).toEqual([]);
});

test("a provider that refuses, fails, or is not there is told with what to do, and holds nothing up", async () => {
  const good = await lists({ "/v1/models": OPENAI });
  const locked = await modelServer(
    ({ response }) =>
      void response.writeHead(401, { "content-type": "application/json" }).end('{"error":{"message":"no key"}}'),
  );
  const broken = await modelServer(({ response }) => void response.end("oops"));
  const silent = await modelServer(() => undefined);
  const port = await closedPort();
  const named = (name: string, url: string): UpstreamSetting => ({ name, url, dialect: "openai" });
  const daemon = await daemonWith(
    [],
    [
      named("good", good.url),
      named("locked", locked.url),
      named("broken", broken.url),
      named("silent", silent.url),
      named("away", `http://127.0.0.1:${port}`),
      { name: "no-models", url: good.url },
    ],
  );
  const { models, providers } = await listed(daemon);
  expect(models.map(({ id }) => id)).toEqual(["good/coder"]);
  expect(providers).toEqual([
    { name: "good", dialect: "openai", state: "ready" },
    {
      name: "locked",
      dialect: "openai",
      state: "refused",
      detail: "locked: no key. Set its key in the configuration.",
    },
    { name: "broken", dialect: "openai", state: "failed", detail: "broken answered something that is not JSON." },
    { name: "silent", dialect: "openai", state: "unreachable", detail: "silent did not answer within 2 s." },
    {
      name: "away",
      dialect: "openai",
      state: "unreachable",
      detail:
        "The upstream away takes no connection (ECONNREFUSED). Start it, or correct its address in /etc/puente.json.",
    },
  ]);
});

test("what was learnt is told again for a minute, and anew where that is asked", async () => {
  const server = await lists({ "/v1/models": OPENAI });
  const daemon = await daemonWith([], [{ name: "lm", url: server.url, dialect: "openai" }]);
  await Promise.all([listed(daemon), listed(daemon)]);
  await listed(daemon);
  expect(server.visits).toHaveLength(1);
  await listed(daemon, { again: true });
  expect(server.visits).toHaveLength(2);
  const later = Date.now() + 61_000;
  const clock = vi.spyOn(Date, "now").mockImplementation(() => later);
  onTestFinished(() => clock.mockRestore());
  await listed(daemon);
  expect(server.visits).toHaveLength(3);
});

test("a server that is started later is found by asking again, and by asking its model", async () => {
  const port = await closedPort();
  const daemon = await daemonWith([local("ollama", { port }, "ollama")]);
  expect(await listed(daemon)).toEqual({ models: [], providers: [] });
  const link = await linkTo(daemon);
  expect((await chatOver(link, ask("ollama/tiny:1b"))).problem).toEqual({
    code: "upstream-unreachable",
    detail: "OLLAMA is not running: start it, or add another model in /etc/puente.json.",
  });
  const answer = ({ method, url, response }: ModelVisit) => {
    response.writeHead(200, { "content-type": method === "POST" ? "application/x-ndjson" : "application/json" });
    if (method === "POST") response.end('{"model":"tiny:1b","message":{"content":"hi"},"done":true}\n');
    else response.end(JSON.stringify(url === "/api/tags" ? OLLAMA : { models: [] }));
  };
  const server: ModelServer = await modelServer(answer, port);
  let events: Awaited<ReturnType<typeof chatOver>>["events"] = [];
  await until("it answers", async () => {
    ({ events } = await chatOver(link, ask("ollama/tiny:1b")));
    return events.length > 0;
  });
  expect(events.map(({ type }) => type)).toEqual(["start", "text", "end"]);
  expect((await found(daemon, "ollama")).models.map(({ id }) => id)).toEqual(["ollama/tiny:1b"]);
  await server.close();
  const gone = await listed(daemon, { again: true });
  expect(gone).toEqual({
    models: [],
    providers: [
      {
        name: "ollama",
        dialect: "ollama",
        state: "unreachable",
        detail: "OLLAMA is not running: start it, or add another model in /etc/puente.json.",
      },
    ],
  });
  expect((await chatOver(link, ask("ollama/tiny:1b"))).problem?.detail).toMatch(/^OLLAMA is not running/);
});

test("a model of nobody, and a name that is none", async () => {
  const server = await lists({ "/v1/models": OPENAI });
  const daemon = await daemonWith(
    [],
    [
      { name: "lm", url: server.url, dialect: "openai" },
      { name: "bare", url: server.url },
    ],
  );
  const link = await linkTo(daemon);
  for (const model of ["other/tiny", "tiny", "", "/tiny", "lm/", "lm", "bare/tiny", "constructor/x"]) {
    expect((await chatOver(link, ask(model))).problem, model).toMatchObject({ code: "no-model" });
  }
  expect(server.visits).toEqual([]);
});

test("names that do not fit are left out, and what is told is no longer than may be", async () => {
  const ids = ["x".repeat(600), "\ud800", "", ...Array.from({ length: 2100 }, (_none, at) => `m${at}`)];
  const server = await lists({ "/v1/models": { data: ids.map((id) => ({ id })) } });
  const daemon = await daemonWith([], [{ name: "lm", url: server.url, dialect: "openai" }]);
  const { models } = await listed(daemon);
  expect(models).toHaveLength(2000);
  expect(models[0]?.id).toBe("lm/m0");
});
