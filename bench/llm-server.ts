// A server that speaks OpenAI's chat completions as the local ones document them, one answer at a time and at an exact pace.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Asked } from "./llm-ways.ts";

const CLOCK = new Int32Array(new SharedArrayBuffer(4));
/** The longest sleep, so that the sockets are looked at in between. */
const SLEEP_MS = 20;
const PROSE = "the lantern sways over the path and the light falls on stone while the river goes on below it ".split(
  " ",
);
const CODE = 'local lantern = Instance.new("PointLight")\nlantern.Range = 12\nlantern.Parent = workspace.Post\n'.split(
  /(?<= )/,
);
/** Tokens of prose, and then of code. */
const BLOCK = 240;

/** What was said, by the question's id. */
const said = new Map<string, string>();

/** One token: the clock of this machine in microseconds, or a word of an answer with code in it. */
function token(index: number, kind: Asked["kind"]): string {
  if (kind === "stamps") return `${process.hrtime.bigint() / 1000n} `;
  const at = index % (2 * BLOCK);
  if (at === BLOCK) return "\n```luau\n";
  if (at === 0) return index === 0 ? "Well: " : "```\n\n";
  return at < BLOCK ? `${PROSE[at % PROSE.length]} ` : (CODE[at % CODE.length] ?? "");
}

function chunk(model: string, choices: readonly object[], more: object = {}): string {
  const created = Math.floor(Date.now() / 1000);
  const object = "chat.completion.chunk";
  return `data: ${JSON.stringify({ id: "chatcmpl-1", object, created, model, choices, ...more })}\n\n`;
}

function answer(response: ServerResponse, model: string, { id, kind, tokens, perSecond }: Asked): void {
  const delta = (given: object, finish_reason: string | null = null) =>
    response.write(chunk(model, [{ index: 0, delta: given, finish_reason }]));
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  response.socket?.setNoDelay(true);
  delta({ role: "assistant", content: "" });
  const startMs = performance.now();
  let text = "";
  let index = 0;
  const step = () => {
    if (response.destroyed) return;
    const dueMs = startMs + (index * 1000) / perSecond - performance.now();
    if (dueMs > 0) Atomics.wait(CLOCK, 0, 0, Math.min(dueMs, SLEEP_MS));
    if (dueMs <= SLEEP_MS) {
      const content = token(index, kind);
      delta({ content });
      text += content;
      index += 1;
    }
    if (index < tokens) {
      setImmediate(step);
      return;
    }
    said.set(id, text);
    delta({}, "stop");
    response.write(
      chunk(model, [], { usage: { prompt_tokens: 8, completion_tokens: tokens, total_tokens: 8 + tokens } }),
    );
    response.end("data: [DONE]\n\n");
  };
  step();
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const piece of request.setEncoding("utf8")) body += piece as string;
  return body;
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://server");
  const json = (value: unknown) => response.setHeader("content-type", "application/json").end(JSON.stringify(value));
  if (pathname === "/v1/models") json({ object: "list", data: [{ id: "paced", object: "model", owned_by: "bench" }] });
  else if (pathname.startsWith("/said/")) response.end(said.get(pathname.slice("/said/".length)));
  else if (pathname === "/v1/chat/completions") {
    const { model, messages } = JSON.parse(await bodyOf(request)) as {
      model: string;
      messages: { content: string | { text: string }[] }[];
    };
    const content = messages.at(-1)?.content ?? "";
    const question = typeof content === "string" ? content : content.map(({ text }) => text).join("");
    answer(response, model, JSON.parse(question) as Asked);
  } else response.writeHead(404).end();
}

const server = createServer((request, response) => void serve(request, response));
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
