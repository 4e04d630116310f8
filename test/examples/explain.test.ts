import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { readNotes } from "../../daemon/note.js";
import { resolveUpstream } from "../../daemon/upstream/upstream.js";
import { luau } from "../studio/plugin-scene.js";
import { startStudio } from "../studio/stand-in/index.js";
import { daemonOf } from "../support/chatting.js";
import { type ModelVisit, modelServer } from "../support/model-server.js";
import { until } from "../support/relaying.js";
import { TOP } from "../support/sources.js";

const EXAMPLE = join(TOP, "examples", "explain");
const SCRIPT = "print('a lantern')\n";

let folder: string;
let plugin: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "puente-example-"));
  plugin = join(folder, "explain.rbxmx");
  const rojo = fileURLToPath(import.meta.resolve("rojo"));
  execFileSync(process.execPath, [rojo, "build", EXAMPLE, "--output", plugin], { stdio: "ignore" });
});
afterAll(() => rmSync(folder, { recursive: true }));

const chunk = (delta: object, finish_reason: string | null = null) =>
  `data: ${JSON.stringify({ model: "lamp-7b", choices: [{ index: 0, delta, finish_reason }] })}\n\n`;

interface Given {
  readonly answer?: (visit: ModelVisit) => void;
  /** Without it the plugin asks for one. */
  readonly hasToken?: boolean;
  readonly isModelThere?: boolean;
}

const speaking = ({ response }: ModelVisit) => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(chunk({ role: "assistant", content: "It prints\ntwo" }));
};

/** The example in a Studio, before a daemon and a scripted model, with a script selected. */
async function explaining({ answer = speaking, hasToken = true, isModelThere = true }: Given = {}) {
  const models = await modelServer((visit) => {
    if (visit.method === "POST") answer(visit);
    else visit.response.end(JSON.stringify({ object: "list", data: [{ id: "lamp-7b", object: "model" }] }));
  });
  if (!isModelThere) await models.close();
  const upstream = resolveUpstream({ name: "lamps", url: models.url, dialect: "openai" });
  const daemon = await daemonOf([], 0, { upstreams: [upstream] });
  const studio = await startStudio({
    plugins: [plugin],
    settings: { [plugin]: { url: daemon.url, ...(hasToken && { token: daemon.createToken("explain", ["llm"]) }) } },
  });
  onTestFinished(() => studio.close());
  await studio.run(`
    local script = Instance.new("Script")
    script.Source = ${luau(SCRIPT)}
    script.Parent = workspace
    game:GetService("Selection"):Set({ script })`);
  const printed = () => studio.output().map(({ text }) => text);
  const printsLike = async (wanted: RegExp) => {
    await until(`it prints ${wanted}`, () => printed().some((line) => wanted.test(line)));
    return printed().flatMap((line) => wanted.exec(line)?.[1] ?? [])[0];
  };
  return {
    daemon,
    models,
    studio,
    press: () => studio.clickToolbarButton("Explain"),
    printsLike,
    prints: (wanted: string) => until(`it prints ${wanted}`, () => printed().includes(wanted)),
  };
}

test("is at most 60 lines", () => {
  expect(readFileSync(join(EXAMPLE, "explain.server.luau"), "utf8").trimEnd().split("\n").length).toBeLessThanOrEqual(
    60,
  );
});

test("asks a model of this machine about the selected script, and prints the answer line by line", async () => {
  const { models, press, prints, studio } = await explaining();
  await press();
  const { body, response } = await models.visit("POST", "/v1/chat/completions");
  expect(JSON.stringify(body)).toContain(JSON.stringify(SCRIPT).slice(1, -1));
  await prints("It prints");
  expect(studio.output().some(({ text }) => text.includes("two"))).toBe(false);
  response.end(`${chunk({ content: " words." })}${chunk({}, "stop")}data: [DONE]\n\n`);
  await prints("two words.");
});

test("stops the model at the second press, and asks again at the third", async () => {
  const { models, press, prints } = await explaining();
  await press();
  const visit = await models.visit("POST", "/v1/chat/completions");
  await prints("It prints");
  await press();
  await until("the model is stopped", () => visit.isGone());
  await press();
  expect((await models.visit("POST", "/v1/chat/completions", 2)).isGone()).toBe(false);
});

test("stops the model when it is unloaded, and leaves no stream client", async () => {
  const { models, press, studio } = await explaining();
  await press();
  const visit = await models.visit("POST", "/v1/chat/completions");
  await studio.unloadPlugin();
  await until("the model is stopped", () => visit.isGone());
  expect((await studio.stats()).streamClients).toEqual([]);
});

test("asks for a token once, and keeps it", async () => {
  const { daemon, press, models, printsLike, studio } = await explaining({ hasToken: false });
  await press();
  const code = (await printsLike(/pair approve (\S+)/)) ?? "";
  expect(daemon.announced).toMatchObject([{ client: "Explain", scopes: ["llm"], code }]);
  await daemon.call("session/answer", { code, verdict: "approve" }, readNotes(daemon.state, () => true)[0]?.token);
  await models.visit("POST", "/v1/chat/completions");
  expect(JSON.stringify(studio.settings())).toContain('"token":');
});

test.each([
  [
    "is told that there is no model, and what to do",
    { isModelThere: false },
    /^The upstream lamps takes no connection .*\. Start it/,
  ],
  [
    "says what a model server says is wrong",
    {
      answer: ({ response }: ModelVisit) => {
        response.writeHead(500, { "content-type": "application/json" });
        response.end(JSON.stringify({ error: { message: "The lamp is out of oil." } }));
      },
    },
    /The lamp is out of oil\./,
  ],
])("%s", async (_what, given, says) => {
  const { press, printsLike } = await explaining(given);
  await press();
  await printsLike(says);
});
