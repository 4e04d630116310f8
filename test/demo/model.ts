import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as after } from "node:timers/promises";
import { type Answer, answerTo, type Message } from "./model-script.ts";

export const DEMO_MODEL = "scripted-demonstration";
/** Of a word, and of the thought before the first. */
const WORD_MS = 30;
const THOUGHT_MS = 400;

export interface DemoModel {
  /** As http://127.0.0.1:N. */
  readonly url: string;
  /** Answers that are being written. */
  writing(): number;
  close(): Promise<void>;
}

interface Question {
  readonly messages: readonly Message[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
}

/** The pieces of a text in which a model would tell it: words, with the space after them. */
function wordsOf(text: string): string[] {
  return text.match(/\S+\s*|\s+/g) ?? [];
}

/** An answer as chat completions stream it: one event a piece. */
function chunks({ text, call }: Answer, id: string): string[] {
  const deltas: object[] = [{ role: "assistant", content: "" }];
  for (const content of wordsOf(text)) deltas.push({ content });
  if (call !== undefined) {
    const called = { name: call.name, arguments: JSON.stringify(call.arguments) };
    deltas.push({ tool_calls: [{ index: 0, id: `call-${id}`, type: "function", function: called }] });
  }
  const whole = { id: `chatcmpl-${id}`, object: "chat.completion.chunk", created: 0, model: DEMO_MODEL };
  const choice = (delta: object, finish_reason: string | null) =>
    JSON.stringify({ ...whole, choices: [{ index: 0, delta, finish_reason }] });
  const words = deltas.length - 1;
  const usage = { prompt_tokens: 0, completion_tokens: words, total_tokens: words };
  return [
    ...deltas.map((delta) => choice(delta, null)),
    choice({}, call === undefined ? "stop" : "tool_calls"),
    JSON.stringify({ ...whole, choices: [], usage }),
    "[DONE]",
  ];
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const piece of request.setEncoding("utf8")) body += piece as string;
  return body;
}

async function write(response: ServerResponse, events: readonly string[]): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  response.flushHeaders();
  await after(THOUGHT_MS, undefined, { signal: gone.signal });
  for (const event of events) {
    response.write(`data: ${event}\n\n`);
    await after(WORD_MS, undefined, { signal: gone.signal });
  }
  response.end();
}

/**
 * A server on loopback that speaks OpenAI's chat completions and needs no model: it tells what was written for it, at
 * the pace of a real one, and says in each answer that it is a scripted demonstration.
 */
export async function startDemoModel(): Promise<DemoModel> {
  let writing = 0;
  let answers = 0;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = `${request.method} ${request.url}`;
    const json = (status: number, value: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (asked === "GET /v1/models") {
      json(200, { object: "list", data: [{ id: DEMO_MODEL, object: "model", created: 0, owned_by: "puente" }] });
      return;
    }
    if (asked !== "POST /v1/chat/completions") {
      json(404, { error: { message: `There is no ${asked} here.`, type: "invalid_request_error" } });
      return;
    }
    const { messages, tools = [] } = JSON.parse(await bodyOf(request)) as Question;
    const answer = answerTo(
      messages,
      tools.map((tool) => tool.function.name),
    );
    writing += 1;
    answers += 1;
    try {
      await write(response, chunks(answer, `${answers}`));
    } catch (error) {
      // Whoever asked has stopped listening.
      if (!response.destroyed) throw error;
    } finally {
      writing -= 1;
    }
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: Error) => {
      response.writeHead(400, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { message: error.message, type: "invalid_request_error" } }));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    writing: () => writing,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
