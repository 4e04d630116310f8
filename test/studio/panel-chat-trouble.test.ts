import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { until } from "../support/relaying.js";
import { type Reply, type ScriptedModel, startScriptedModel } from "../support/scripted-model.js";
import { type Scene, setScene } from "./plugin-scene.js";
import { startStudio } from "./stand-in/index.js";

let model: ScriptedModel;
let scene: Scene;
beforeAll(async () => {
  model = await startScriptedModel();
  scene = await setScene({ model });
  await scene.pair();
  await scene.click("Chat");
  await scene.see("▸ tiny, lm");
}, 60_000);
afterAll(async () => {
  await scene.close();
  await model.close();
});
beforeEach(() => model.always());

let count = 0;
/** Asks something that was not asked before. */
async function ask(): Promise<{ question: string; reply: Reply }> {
  count += 1;
  const question = `Question number ${count}, please.`;
  await scene.studio.type("Question", question);
  await scene.click("Ask");
  return { question, reply: await model.next(question) };
}

const nothingRuns = () => until("nothing is left running at the provider", () => model.connections() === 0);

/** What the plugin's settings hold, as text. */
const kept = ({ studio, plugin }: Scene) =>
  Object.values(studio.settings()[plugin] ?? {}).map((value) => Buffer.from(String(value), "base64").toString());

/** The plugin anew, as when Studio is started: what was said before is read from the settings. */
async function reload(): Promise<void> {
  await scene.studio.reloadPlugin();
  await scene.see("Connected");
  await scene.click("Chat");
  await scene.see(/tiny, lm$/);
}

const json = (status: number, body: object, headers: Record<string, string> = {}) => {
  return ({ visit: { response } }: Reply) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
};
const events = (bytes: string | Buffer) => {
  return ({ visit: { response } }: Reply) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(bytes);
  };
};
const raw = (bytes: string | Buffer) => (reply: Reply) => void reply.visit.response.socket?.end(bytes);

/** What a provider does, what the user then reads, and what of the answer is still there. */
type Row = readonly [does: string, answer: (reply: Reply) => void, reads: RegExp, kept?: string];

const HALF = Buffer.concat([Buffer.from(`data: {"choices":[{"delta":{"content":"`), Buffer.from([0xc3])]);
const ROWS: readonly Row[] = [
  ["breaks off before it answers", raw(""), /^lm broke off|^The upstream lm broke off/],
  ["sends garbage instead of HTTP", raw("\x00\xff\x17garbage\r\n\r\n"), /lm .*well-formed HTTP|lm broke off/],
  ["sends garbage as events", events("data: }{\n\n"), /^lm sent something that is not JSON\./],
  ["sends half a character", events(HALF), /^lm (sent something that is not UTF-8|broke off)/],
  [
    "sends a page",
    ({ visit: { response } }) => response.setHeader("content-type", "text/html").end("<h1>Welcome</h1>"),
    /^lm answered text\/html instead of a stream\./,
  ],
  [
    "says in the middle what is wrong",
    (reply) => {
      reply.text("So far so good.");
      reply.write(`data: ${JSON.stringify({ error: { message: "The lamp went out." } })}\n\n`);
    },
    /^lm: The lamp went out\./,
    "So far so good.",
  ],
  [
    "breaks off in the middle",
    (reply) => {
      reply.text("Half an");
      setTimeout(() => reply.visit.response.destroy(), 200);
    },
    /^The upstream lm broke off|^lm broke off/,
    "Half an",
  ],
  [
    "ends without an end",
    (reply) => void reply.text("And then").visit.response.end(),
    /^lm broke off before its answer was whole\./,
    "And then",
  ],
  [
    "is busy, and says for how long",
    json(429, { error: { message: "Slow down." } }, { "retry-after": "30" }),
    /^lm: Slow down\..* 30 s/,
  ],
  [
    "wants another key",
    json(401, { error: { message: "Invalid API key." } }),
    /^lm: Invalid API key\. Set its key in the configuration\./,
  ],
  [
    "points elsewhere",
    ({ visit: { response } }) => response.writeHead(302, { location: "http://192.0.2.1/v1" }).end(),
    /lm points elsewhere/,
  ],
  [
    "has no such model",
    json(404, { error: { message: "The model `tiny` does not exist.", code: "model_not_found" } }),
    /^lm: The model `tiny` does not exist\./,
  ],
  [
    "takes no conversation that long",
    json(400, {
      error: { message: "This exceeds the context length of 4096 tokens.", type: "exceed_context_size_error" },
    }),
    /^lm: This exceeds the context length of 4096 tokens\. Leave something out/,
  ],
  [
    "cannot load the model",
    json(500, { error: { message: "error loading model: out of memory" } }),
    /^lm: error loading model: out of memory/,
  ],
  ["has an error of its own", json(500, { error: { message: "Oh no." } }), /^lm: Oh no\./],
  [
    "encodes what it was asked not to",
    ({ visit: { response } }) =>
      response.writeHead(200, { "content-type": "text/event-stream", "content-encoding": "gzip" }).end("xxxx"),
    /lm encoded its answer/,
  ],
];

describe("a provider that", () => {
  const said: string[] = [];

  test.each(ROWS.map((row) => [row[0], row] as const))("%s", async (_does, [, answer, reads, kept]) => {
    const { question, reply } = await ask();
    answer(reply);
    await scene.see(reads);
    await scene.see("Ask");
    await nothingRuns();
    said.push(question);
    if (kept === undefined) return;
    await scene.see(kept);
    said.push(kept);
  });

  test("did any of this: all that was said is kept, and told to the model when it goes on", async () => {
    await reload();
    await scene.see(ROWS.at(-1)?.[2] ?? "");
    const { question, reply } = await ask();
    reply.text("At last.").end();
    await scene.see("At last.");
    const told = JSON.stringify(model.messages());
    for (const text of [...said, question]) expect(told).toContain(text);
  });
});

describe("an answer without an end", () => {
  test("that is silent can be stopped; nothing of it is lost", async () => {
    const { reply } = await ask();
    reply.text("I was about to");
    await scene.see("I was about to");
    await scene.click("Stop");
    await scene.see(/^Stopped\./);
    await nothingRuns();
    expect(reply.visit.isGone()).toBe(true);
    await reload();
    await scene.see("I was about to");
    await scene.see(/^Stopped\./);
  });

  test("that goes on and on is stopped, and its beginning is there", async () => {
    const { reply } = await ask();
    reply.text("In the beginning. ");
    const { response } = reply.visit;
    const word = `data: ${JSON.stringify({ choices: [{ delta: { content: "and on " } }] })}\n\n`.repeat(500);
    const pour = () => {
      while (!response.destroyed) if (!response.write(word)) return;
    };
    response.on("drain", pour);
    pour();
    await scene.see(/^The answer had no end/, 60);
    await scene.see("Ask");
    await nothingRuns();
  }, 90_000);

  test("in one line of 100 MB is refused, and not read to its end", async () => {
    const { reply } = await ask();
    const { response } = reply.visit;
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("data: ");
    const megabyte = "x".repeat(1024 * 1024);
    let written = 0;
    const pour = () => {
      while (!response.destroyed && written < 100) {
        written += 1;
        if (!response.write(megabyte)) return;
      }
    };
    response.on("drain", pour);
    pour();
    await scene.see(/^lm sent a message longer than \d+ bytes\./);
    await nothingRuns();
    expect(written).toBeLessThan(100);
  });
});

describe("the user", () => {
  const MOMENTS: readonly (readonly [when: string, until: (reply: Reply) => Promise<unknown> | undefined])[] = [
    ["before anything came", () => undefined],
    ["while the model is loaded", () => scene.see(/^Waiting for .*: [1-9] s/)],
    [
      "in the middle of a word",
      (reply) => {
        reply.text("lan");
        return scene.see("lan");
      },
    ],
    [
      "while the model thinks",
      (reply) => {
        reply.reasoning("Hm.");
        return scene.see(/Thought|Thinking|Reasoning|Hm\./);
      },
    ],
    [
      "in the middle of a block of code",
      (reply) => {
        reply.text("```luau\nlocal a");
        return scene.see("local a");
      },
    ],
  ];

  test.each(MOMENTS)("stops %s", async (_when, come) => {
    const { reply } = await ask();
    await come(reply);
    await scene.click("Stop");
    await scene.see(/^Stopped\./);
    await scene.see("Ask");
    await nothingRuns();
    await scene.click("Retry");
    const again = await model.next();
    again.text(`Now ${count}.`).end();
    await scene.see(`Now ${count}.`);
  });

  test("unloads the plugin in the middle, and finds what had come when it is back", async () => {
    const { question, reply } = await ask();
    reply.text("The first half");
    await scene.see("The first half");
    await scene.studio.unloadPlugin();
    await nothingRuns();
    expect((await scene.studio.stats()).streamClients).toEqual([]);
    await reload();
    await scene.see(question);
    await scene.see("The first half");
    await scene.see(/^Stopped\./);
  });

  test("sees the daemon end in the middle, and goes on when it is back", async () => {
    const { reply } = await ask();
    reply.text("Before the end");
    await scene.see("Before the end");
    await scene.daemon().end("SIGKILL");
    await nothingRuns();
    await scene.restartDaemon();
    await scene.see("Connected", 30);
    await scene.see("Before the end");
    await scene.see("Ask", 30);
    const next = await ask();
    next.reply.text("After the end.").end();
    await scene.see("After the end.");
    expect(JSON.stringify(model.messages())).toContain("Before the end");
  }, 60_000);
});

test("a Studio that dies in the middle has what had come when it is opened again", async () => {
  const { question, reply } = await ask();
  reply.text("Half of it");
  await scene.see("Half of it");
  await until("what has come is kept", () => kept(scene).some((text) => text.includes("Half of it")), 20);
  await scene.studio.close();
  const studio = await startStudio({ plugins: [scene.plugin], settings: scene.studio.settings() });
  try {
    const sees = (text: string) => until(`to see ${text}`, async () => (await studio.texts()).includes(text), 20);
    await sees("Connected");
    await studio.activate("Chat");
    await sees(question);
    await sees("Half of it");
  } finally {
    await studio.close();
  }
});
