import { type ModelVisit, startModelServer } from "./model-server.js";
import { until } from "./relaying.js";

/** An answer that a test writes, in OpenAI's chat completions. */
export interface Reply {
  readonly visit: ModelVisit;
  text(...parts: readonly string[]): Reply;
  reasoning(text: string): Reply;
  call(id: string, name: string, input: object | string): Reply;
  /** Bytes as they are. */
  write(bytes: string): Reply;
  end(reason?: string, tokens?: number): void;
}

interface Message {
  readonly role: string;
  readonly content?: unknown;
  readonly tool_calls?: unknown;
  readonly tool_call_id?: string;
}

export interface ScriptedModel {
  readonly url: string;
  /** The next question whose last message holds these words, or one that has come and was not taken; others are dropped. */
  next(words?: string): Promise<Reply>;
  /** From now on questions are answered so; without an argument by `next` again. */
  always(answer?: (reply: Reply) => void): void;
  /** What the last question held. */
  messages(): readonly Message[];
  body(): ModelVisit["body"];
  /** How many questions have come. */
  questions(): number;
  connections(): number;
  close(): Promise<void>;
}

function replyTo(visit: ModelVisit): Reply {
  const { response } = visit;
  let calls = 0;
  const event = (value: object) => {
    if (!response.headersSent) response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(`data: ${JSON.stringify(value)}\n\n`);
  };
  const delta = (value: object, finish: string | null = null) =>
    event({ model: "tiny-1", choices: [{ index: 0, delta: value, finish_reason: finish }] });
  const reply: Reply = {
    visit,
    text(...parts) {
      for (const content of parts) delta({ content });
      return reply;
    },
    reasoning(text) {
      delta({ reasoning_content: text });
      return reply;
    },
    call(id, name, input) {
      const given = typeof input === "string" ? input : JSON.stringify(input);
      delta({ tool_calls: [{ index: calls++, id, type: "function", function: { name, arguments: given } }] });
      return reply;
    },
    write(bytes) {
      response.write(bytes);
      return reply;
    },
    end(reason = calls > 0 ? "tool_calls" : "stop", tokens) {
      delta({}, reason);
      if (tokens !== undefined) event({ choices: [], usage: { prompt_tokens: 1, completion_tokens: tokens } });
      response.end("data: [DONE]\n\n");
    },
  };
  return reply;
}

/** A model on loopback, `tiny`, that says what a test has it say. */
export async function startScriptedModel(): Promise<ScriptedModel> {
  const come: Reply[] = [];
  let given: ((reply: Reply) => void) | undefined;
  let last: ModelVisit | undefined;
  let count = 0;

  const server = await startModelServer((visit) => {
    if (visit.method === "GET") {
      visit.response.setHeader("content-type", "application/json");
      visit.response.end(JSON.stringify({ object: "list", data: [{ id: "tiny" }, { id: "other" }] }));
      return;
    }
    last = visit;
    count += 1;
    const reply = replyTo(visit);
    if (given !== undefined) given(reply);
    else come.push(reply);
  });
  return {
    url: server.url,
    async next(words = "") {
      while (true) {
        await until(`a question to the model: ${words}`, () => come.length > 0, 20);
        const reply = come.shift() as Reply;
        const said = (reply.visit.body["messages"] ?? []) as readonly Message[];
        if (JSON.stringify(said.at(-1)).includes(words)) return reply;
      }
    },
    always(answer) {
      given = answer;
    },
    messages: () => (last?.body["messages"] ?? []) as readonly Message[],
    body: () => last?.body ?? {},
    questions: () => count,
    connections: server.connections,
    close: server.close,
  };
}
