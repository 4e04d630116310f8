import { expect, test } from "vitest";
import { within } from "../../support/deadline.js";
import { get, relaying, send, untilText, whole } from "../../support/relaying.js";

const scene = relaying();
const next = () => scene.origin.next();

test("status, headers that may be told, and bytes come as the upstream sent them", async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const asked = get(scene.daemon, "raw/up/v1/thing?a=1&b=%2F");
  const { response, url, method } = await next();
  response.writeHead(201, {
    "content-type": "application/x-thing",
    "retry-after": "7",
    "x-ratelimit-remaining": "3",
    "set-cookie": "a=b",
    "access-control-allow-origin": "*",
    "x-secret": "yes",
    server: "origin",
  });
  response.end(bytes);
  const answer = await asked;
  expect([method, url]).toEqual(["GET", "/v1/thing?a=1&b=%2F"]);
  expect(answer.status).toBe(201);
  expect(answer.isClean).toBe(true);
  expect(answer.body).toEqual(bytes);
  expect(answer.headers).toMatchObject({
    "content-type": "application/x-thing",
    "retry-after": "7",
    "x-ratelimit-remaining": "3",
    "x-content-type-options": "nosniff",
  });
  for (const name of ["set-cookie", "access-control-allow-origin", "x-secret", "server"])
    expect(answer.headers).not.toHaveProperty(name);
});

test.each([400, 404, 429, 500, 503])("a %i passes through with its body", async (status) => {
  const asked = get(scene.daemon, "raw/up/failing");
  const { response } = await next();
  response.writeHead(status, { "content-type": "application/json" }).end(`{"error":${status}}`);
  const answer = await asked;
  expect([answer.status, answer.body.toString(), answer.isClean]).toEqual([status, `{"error":${status}}`, true]);
});

test("the first bytes come while the upstream goes on", async () => {
  const asked = send(scene.daemon, "raw/up/slow");
  const { response } = await next();
  response.write("first");
  const incoming = await asked.answer;
  await untilText(incoming, "the first bytes", (text) => text === "first");
  response.end("last");
  expect((await whole(incoming)).isClean).toBe(true);
});

test.each(["POST", "PUT", "PATCH", "DELETE"])("%s carries a body as it comes, with its length", async (method) => {
  const body = "größe ".repeat(1000);
  const asked = get(scene.daemon, "raw/up/take", {
    method,
    body,
    headers: { "content-length": `${Buffer.byteLength(body)}` },
  });
  const { request, response, method: seen } = await next();
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  expect([seen, text, request.headers["content-length"]]).toEqual([method, body, `${Buffer.byteLength(body)}`]);
  response.end("taken");
  expect((await asked).body.toString()).toBe("taken");
});

test("a body in chunks reaches the upstream before it is whole", async () => {
  const asked = send(scene.daemon, "raw/up/take", {
    method: "POST",
    headers: { "transfer-encoding": "chunked" },
    body: "all",
  });
  const { request, response } = await next();
  expect(request.headers["transfer-encoding"]).toBe("chunked");
  response.end();
  expect((await whole(await asked.answer)).status).toBe(200);
});

test("HEAD answers the headers alone", async () => {
  const asked = get(scene.daemon, "raw/up/head", { method: "HEAD" });
  const { response } = await next();
  response.writeHead(200, { "content-length": "1234", etag: '"x"' }).end();
  const answer = await asked;
  expect(answer.headers).toMatchObject({ "content-length": "1234", etag: '"x"' });
  expect(answer.isClean).toBe(true);
});

test("an upstream that breaks off breaks the client's connection", async () => {
  const asked = send(scene.daemon, "raw/up/dying");
  const { response } = await next();
  response.write("half");
  const incoming = await asked.answer;
  await untilText(incoming, "the first half", (text) => text === "half");
  response.destroy();
  expect((await whole(incoming)).isClean).toBe(false);
});

test("an answer before the body has come reaches the client", async () => {
  const asked = send(scene.daemon, "raw/up/early", {
    method: "POST",
    headers: { "content-length": "1000000" },
    body: "x",
  });
  const { response } = await next();
  response.writeHead(413).end("too much");
  const incoming = await within(5, "the early answer", asked.answer);
  expect(incoming.statusCode).toBe(413);
  incoming.destroy();
});
