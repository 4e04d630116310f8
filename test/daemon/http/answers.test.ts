import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runtime } from "../../../daemon/http/runtime.js";
import { readNotes } from "../../../daemon/note.js";
import { resolveUpstream } from "../../../daemon/upstream/upstream.js";
import { misfit } from "../../../shared/check.js";
import { CONTRACT, type NameOf, type OperationName } from "../../../shared/contract/index.js";
import { startDaemon, type TestDaemon } from "../../support/daemon.js";
import { type Origin, startOrigin } from "../../support/origin.js";

const folder = mkdtempSync(join(tmpdir(), "puente-answers-"));
let daemon: TestDaemon;
let models: Origin;
let pairing: { pairing: string; code: string };
beforeAll(async () => {
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, "src", "größe.luau"), "return 1\n");
  writeFileSync(join(folder, "src", "bytes.bin"), Buffer.from([0xff, 0xfe]));
  models = await startOrigin(({ method, response }) => {
    const isChat = method === "POST";
    response.setHeader("content-type", isChat ? "text/event-stream" : "application/json");
    response.end(
      isChat ? 'data: {"choices":[{"delta":{"content":"hello"}}]}\n\ndata: [DONE]\n\n' : '{"data":[{"id":"one"}]}',
    );
  });
  const upstreams = [resolveUpstream({ name: "demo", url: models.url, dialect: "openai" })];
  daemon = await startDaemon([{ name: "place", folder, access: "write" }], 0, { upstreams });
  pairing = (await call("session/pair", { client: "a test", scopes: ["all"] })) as typeof pairing;
});
afterAll(async () => {
  await daemon.close();
  await models.close();
  rmSync(folder, { recursive: true });
});

const operator = () => readNotes(daemon.state, () => true)[0]?.token ?? "";
const call = async (name: OperationName, input: unknown, token?: string) =>
  (await daemon.call(name, input, token)).json();
const upload = async (query: string, body: string) => {
  const headers = { authorization: `Bearer ${daemon.token}`, "content-type": "application/octet-stream" };
  return (await fetch(`${daemon.url}/v1/files/write?${query}`, { method: "POST", headers, body })).json();
};

const apply = (path: string) =>
  call("files/apply", { root: "place", edits: [{ kind: "write", path, text: "new", expect: "any" }] });

const firstEvent = async (name: OperationName, input: unknown) => {
  const { body } = await daemon.call(name, input);
  for await (const bytes of body ?? [])
    return JSON.parse(/^data: (.*)\n\n/m.exec(Buffer.from(bytes).toString())?.[1] ?? "");
};

/** A real answer of each operation that answers JSON. */
const ANSWERS: { readonly [Name in NameOf<"probe" | "call" | "upload" | "feed">]: () => Promise<unknown> } = {
  "session/hello": async () => (await fetch(`${daemon.url}/v1/session/hello`)).json(),
  "session/prove": () => call("session/prove", { token: "0".repeat(16), challenge: "x" }),
  "session/pair": () => call("session/pair", { client: "another test", scopes: ["files:read"] }),
  "session/who": () => call("session/who", {}),
  "session/pairings": () => call("session/pairings", {}, operator()),
  "session/answer": () => call("session/answer", { code: pairing.code, verdict: "approve" }, operator()),
  "session/pairing": () => call("session/pairing", { pairing: pairing.pairing }),
  "files/roots": () => call("files/roots", {}),
  "files/list": () => call("files/list", { root: "place", path: "", depth: 9, hashes: true }),
  "files/stat": () => call("files/stat", { root: "place", path: "src/größe.luau" }),
  "files/read-many": () => call("files/read-many", { root: "place", paths: ["src/größe.luau", "src/bytes.bin", ".."] }),
  "files/search": () => firstEvent("files/search", { pattern: "*", kind: "glob" }),
  "files/write": () => upload("root=place&path=new.txt&expect=absent", "new"),
  "files/apply": () => apply("applied.txt"),
  "files/undo": async () => call("files/undo", { undo: ((await apply("undone/deep.txt")) as { undo: string }).undo }),
  "files/history": async () => {
    await apply("listed.txt");
    return call("files/history", {});
  },
  "watch/changes": () => call("watch/changes", { root: "place" }),
  "llm/models": () => call("llm/models", {}),
  "llm/chat": () => firstEvent("llm/chat", { model: "demo/one", messages: [{ role: "user", text: "hello" }] }),
  "watch/stream": () => firstEvent("watch/stream", { root: "place" }),
};

test.each(Object.entries(ANSWERS))("%s answers what its output says, and nothing more", async (name, ask) => {
  const answer = await ask();
  expect(misfit(runtime, CONTRACT[name as OperationName].output, answer, "answer"), JSON.stringify(answer)).toBe(
    undefined,
  );
});

test("files/read answers the bytes, with their hash as ETag", async () => {
  const response = await daemon.call("files/read", { root: "place", path: "src/bytes.bin" });
  const bytes = Buffer.from(await response.arrayBuffer());
  expect([...bytes]).toEqual([0xff, 0xfe]);
  expect(response.headers.get("etag")).toBe(`"${createHash("sha256").update(bytes).digest("hex")}"`);
  expect(response.headers.get("content-type")).toBe("application/octet-stream");
});
