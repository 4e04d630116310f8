import { expect, test } from "vitest";
import { type DialectName, resolveUpstream } from "../../../daemon/upstream/upstream.js";
import type { Problem } from "../../../shared/problem.js";
import { ask, chatOver, daemonOf, type Heard, linkTo } from "../../support/chatting.js";
import { type ModelVisit, modelServer } from "../../support/model-server.js";

const CANARY = "sk-canary-5f1c";
const PATHS: { readonly [name in DialectName]: string } = {
  openai: "/v1/chat/completions",
  ollama: "/api/chat",
  anthropic: "/v1/messages",
  gemini: "/v1beta/models/tiny:streamGenerateContent?alt=sse",
};

/** What is heard of a provider that answers a question so. */
async function heardOf(
  answer: (visit: ModelVisit) => void,
  dialect: DialectName = "openai",
): Promise<Heard & { logged: string }> {
  const server = await modelServer(answer);
  const credential = { header: "authorization", value: `Bearer ${CANARY}` };
  const upstreams = [resolveUpstream({ name: "lm", url: server.url, dialect, credential })];
  const daemon = await daemonOf([], 0, { upstreams });
  const link = await linkTo(daemon);
  const heard = await chatOver(link, ask("lm/tiny"));
  const visit = await server.visit("POST", PATHS[dialect]);
  expect(link.violations).toEqual([]);
  expect(visit.headers.authorization).toBe(`Bearer ${CANARY}`);
  await expect.poll(server.connections, { timeout: 2000 }).toBe(0);
  expect(JSON.stringify(heard)).not.toContain(CANARY);
  expect(daemon.logged.join("")).not.toContain(CANARY);
  return { ...heard, logged: daemon.logged.join("\n") };
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  ({ response }: ModelVisit) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };

type Row = readonly [
  says: string,
  dialect: DialectName,
  answer: (visit: ModelVisit) => void,
  problem: Partial<Problem> & { readonly said?: RegExp },
];

const ROWS: readonly Row[] = [
  [
    "a key that is not accepted, repeated in the answer",
    "openai",
    json(401, { error: { message: `Incorrect API key provided: ${CANARY}.`, type: "invalid_request_error" } }),
    {
      code: "key-refused",
      status: 401,
      said: /^lm: Incorrect API key provided: …\. Set its key in the configuration\.$/,
    },
  ],
  [
    "a key that may not",
    "gemini",
    json(403, { error: { code: 403, message: "No permission.", status: "PERMISSION_DENIED" } }),
    { code: "key-refused", status: 403 },
  ],
  [
    "a key that Google does not know",
    "gemini",
    json(400, {
      error: { code: 400, message: "API key not valid. Please pass a valid API key.", status: "INVALID_ARGUMENT" },
    }),
    { code: "key-refused", status: 400 },
  ],
  [
    "no such model",
    "openai",
    json(404, { error: { message: "The model `tiny` does not exist.", type: "NotFoundError", code: 404 } }),
    { code: "no-model", status: 404, said: /`tiny` does not exist/ },
  ],
  [
    "no such model at Ollama",
    "ollama",
    json(404, { error: 'model "tiny" not found, try pulling it first' }),
    { code: "no-model", said: /try pulling/ },
  ],
  [
    "no such model at Anthropic",
    "anthropic",
    json(404, { type: "error", error: { type: "not_found_error", message: "model: tiny" } }),
    { code: "no-model" },
  ],
  [
    "no such model at Google",
    "gemini",
    json(404, {
      error: { code: 404, message: "models/tiny is not found for API version v1beta", status: "NOT_FOUND" },
    }),
    { code: "no-model" },
  ],
  [
    "no such route: that is no word about the model",
    "openai",
    json(404, { detail: "Not Found" }),
    { code: "upstream-error", status: 404, said: /^lm: Not Found\.$/ },
  ],
  [
    "too many requests, for so many seconds",
    "openai",
    json(429, { error: { message: "Slow down" } }, { "retry-after": "17" }),
    { code: "provider-busy", status: 429, retryAfterSeconds: 17, said: /^lm: Slow down\. Try again in 17 s\.$/ },
  ],
  [
    "too many requests, until a date",
    "anthropic",
    json(
      429,
      { type: "error", error: { type: "rate_limit_error", message: "Number of tokens" } },
      { "retry-after": new Date(Date.now() + 3_600_000).toUTCString() },
    ),
    { code: "provider-busy", status: 429 },
  ],
  [
    "too many requests, as Google says when",
    "gemini",
    json(429, {
      error: {
        code: 429,
        message: "Quota exceeded",
        status: "RESOURCE_EXHAUSTED",
        details: [{ "@type": "a" }, { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "33.4s" }],
      },
    }),
    { code: "provider-busy", retryAfterSeconds: 34 },
  ],
  [
    "overloaded",
    "anthropic",
    json(529, { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }),
    { code: "provider-busy", status: 529 },
  ],
  [
    "busy, as KoboldCpp says it",
    "openai",
    json(503, { detail: { msg: "Server is busy; please try again later.", type: "service_unavailable" } }),
    { code: "provider-busy", said: /Server is busy/ },
  ],
  [
    "more than the context takes, as llama.cpp says it",
    "openai",
    json(400, {
      error: {
        code: 400,
        message: "request (4476 tokens) exceeds the available context size (4096 tokens), try increasing it",
        type: "exceed_context_size_error",
        n_ctx: 4096,
      },
    }),
    { code: "context-too-long", status: 400, said: /4476 tokens.*Leave something out/ },
  ],
  [
    "more than the context takes, as OpenAI says it",
    "openai",
    json(400, { error: { message: "Please reduce the length of the messages.", code: "context_length_exceeded" } }),
    { code: "context-too-long" },
  ],
  [
    "more than the context takes, as LM Studio says it",
    "openai",
    json(400, {
      error:
        "Trying to keep the first 6547 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough.",
    }),
    { code: "context-too-long" },
  ],
  [
    "more than the context takes, as LM Studio says it otherwise",
    "openai",
    json(400, {
      error:
        "The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 13055>= n_ctx: 4096).",
    }),
    { code: "context-too-long" },
  ],
  [
    "more than the context takes, as vLLM says it",
    "openai",
    json(400, {
      object: "error",
      message: "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.",
      type: "BadRequestError",
      code: 400,
    }),
    { code: "context-too-long" },
  ],
  [
    "more than a request may have",
    "anthropic",
    json(413, { type: "error", error: { type: "request_too_large", message: "Request exceeds the maximum size" } }),
    { code: "context-too-long" },
  ],
  [
    "more memory than there is",
    "ollama",
    json(500, { error: "model requires more system memory (64 GiB) than is available (8 GiB)" }),
    { code: "model-not-loaded", status: 500, said: /64 GiB/ },
  ],
  [
    "a parameter that it does not take",
    "openai",
    json(400, { error: { message: "temperature: is too warm" } }),
    {
      code: "upstream-error",
      status: 400,
      said: /^lm: temperature: is too warm\.$/,
      body: '{"error":{"message":"temperature: is too warm"}}',
    },
  ],
  [
    "an error page",
    "openai",
    ({ response }) => void response.writeHead(500, { "content-type": "text/html" }).end("<h1>oops</h1>"),
    { code: "upstream-error", status: 500, body: "<h1>oops</h1>", said: /^lm: it answered with the status 500\.$/ },
  ],
  [
    "an error with the status of success",
    "openai",
    json(200, { error: { message: "no slot" } }),
    { code: "upstream-error", said: /^lm: no slot\.$/ },
  ],
  [
    "an answer that is no stream",
    "openai",
    json(200, { choices: [{ message: { content: "all at once" } }] }),
    { code: "upstream-failed", said: /answered application\/json instead of a stream/ },
  ],
  [
    "a web page",
    "ollama",
    ({ response }) => void response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<html>"),
    { code: "upstream-failed", said: /answered text\/html/ },
  ],
  [
    "events where lines are expected",
    "ollama",
    ({ response }) => void response.writeHead(200, { "content-type": "text/event-stream" }).end("data: 1\n\n"),
    { code: "upstream-failed", said: /text\/event-stream instead/ },
  ],
  [
    "garbage",
    "openai",
    ({ response }) =>
      void response
        .writeHead(200, { "content-type": "text/event-stream" })
        .end(Buffer.from("7f454c4602010100ff00fe", "hex")),
    { code: "upstream-failed", said: /not UTF-8/ },
  ],
  [
    "garbage that is text",
    "openai",
    ({ response }) => void response.writeHead(200, { "content-type": "text/event-stream" }).end("lorem ipsum\n\ndolor"),
    { code: "upstream-failed", said: /broke off/ },
  ],
  [
    "a redirect",
    "openai",
    ({ response }) => void response.writeHead(307, { location: "http://127.0.0.1:1/" }).end(),
    { code: "upstream-redirect", status: 307 },
  ],
  [
    "an answer that is encoded",
    "openai",
    ({ response }) =>
      void response.writeHead(200, { "content-type": "text/event-stream", "content-encoding": "gzip" }).end("x"),
    { code: "upstream-encoding" },
  ],
  [
    "a connection that is cut at once",
    "openai",
    ({ response }) => void response.destroy(),
    { code: "upstream-failed", said: /broke off/ },
  ],
];

test.each(ROWS)("%s", async (_says, dialect, answer, { said = /./, ...expected }) => {
  const { problem, logged } = await heardOf(answer, dialect);
  expect(problem).toMatchObject(expected);
  expect(problem?.detail).toMatch(said);
  expect(logged).toBe("");
});

test("a date to try again at is told in seconds", async () => {
  const date = new Date(Date.now() + 3_600_000).toUTCString();
  const { problem } = await heardOf(json(429, { error: { message: "later" } }, { "retry-after": date }));
  expect(problem?.retryAfterSeconds).toBeGreaterThan(3590);
  expect(problem?.retryAfterSeconds).toBeLessThanOrEqual(3600);
});

const delta = (content: string) => `data: ${JSON.stringify({ model: "m", choices: [{ delta: { content } }] })}\n\n`;

test("what came before an error, and before a cut, is told first", async () => {
  const stream = (end: (visit: ModelVisit) => void) => (visit: ModelVisit) => {
    visit.response.writeHead(200, { "content-type": "text/event-stream" });
    visit.response.write(delta("so far"), () => end(visit));
  };
  const error = 'data: {"error":{"message":"the GPU is gone"}}\n\n';
  const failed = await heardOf(stream(({ response }) => void response.end(error)));
  const cut = await heardOf(stream(({ response }) => void setImmediate(() => response.destroy())));
  const early = await heardOf(stream(({ response }) => void response.end()));
  for (const { events } of [failed, cut, early]) {
    expect(events).toEqual([
      { type: "start", model: "m" },
      { type: "text", text: "so far" },
    ]);
  }
  expect(failed.problem).toEqual({ code: "upstream-error", detail: "lm: the GPU is gone." });
  expect(cut.problem).toMatchObject({ code: "upstream-failed", detail: expect.stringContaining("broke off") });
  expect(early.problem).toEqual({ code: "upstream-failed", detail: "lm broke off before its answer was whole." });
});

test.each([
  ["openai", "text/event-stream", "data: "],
  ["openai", "text/event-stream", "oops"],
  ["ollama", "application/x-ndjson", "{"],
] as const)(
  "a line of 100 MB, in the dialect %s: told at 3 MiB, and no more of it is taken",
  async (dialect, type, start) => {
    let sent = 0;
    const { problem } = await heardOf(({ response }) => {
      response.writeHead(200, { "content-type": type });
      response.write(start);
      const piece = Buffer.alloc(64 * 1024, "x");
      const more = () => {
        while (!response.destroyed && sent < 100_000_000) {
          sent += piece.length;
          if (!response.write(piece)) {
            response.once("drain", more);
            return;
          }
        }
        response.end();
      };
      more();
    }, dialect);
    expect(problem).toMatchObject({ code: "too-large", detail: expect.stringContaining("3145728 bytes") });
    // Besides the 3 MiB, what the system holds of a connection.
    expect(sent).toBeLessThan(20_000_000);
  },
);
