import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { hashOf } from "../../../daemon/files/hash.js";
import type { Input } from "../../../shared/contract/index.js";
import { LIMITS } from "../../../shared/protocol.js";
import { startDaemon } from "../../support/daemon.js";
import { within } from "../../support/deadline.js";
import { createLinkClient } from "../../support/link-client.js";
import { tempRoot } from "../../support/temp-root.js";
import { SIGNAL, serve } from "./operations.js";

interface Frame {
  readonly entry?: { path: string; kind: string; bytes: number; modifiedMs: number; hash?: string };
  readonly payload?: number;
  readonly problem?: { code: string; at?: string };
  readonly end?: true;
  readonly skipped?: number;
  readonly content: string;
}

function framesIn(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(10, at);
    const header = JSON.parse(bytes.toString("utf8", at, newline));
    at = newline + 1 + (header.payload ?? 0);
    frames.push({ ...header, content: bytes.toString("latin1", newline + 1, at) });
  }
  return frames;
}

async function streamOf(folder: string, input: Omit<Input<"files/stream">, "root">): Promise<Frame[]> {
  const { body } = await serve(folder).stream({ root: "place", ...input }, SIGNAL);
  return framesIn(Buffer.concat(await body.toArray()));
}

test("texts are streamed byte for byte with their hashes, and what is no text is said to be none", async () => {
  const texts: { [path: string]: string } = {
    "a/empty": "",
    "a/long": "line\n".repeat(40_000),
    bom: "\ufeffwith a mark\r\nand its line ends\r\n",
    "crlf.luau": "one\r\ntwo\rthree\n\n",
    "größe.luau": 'π "quoted" \\ \0 \u2028 🎮\n{"entry":1}\n',
  };
  const { folder, put, at } = tempRoot(texts);
  put("binary", Buffer.from([0x68, 0xff, 0xfe, 0x0a]));
  put("latin1", Buffer.from("größe", "latin1"));
  put("huge");
  truncateSync(at("huge"), LIMITS.readManyBytes + 1);
  symlinkSync("bom", at("link"));
  execFileSync("mkfifo", [at("pipe")]);
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff])]), "no name");
  const frames = await streamOf(folder, { path: "", texts: true });
  const told = frames.map(({ entry, problem, content }) => [
    entry?.path,
    problem?.code ?? Buffer.from(content, "latin1").toString(),
  ]);
  expect(told).toEqual([
    ["a", ""],
    ["a/empty", ""],
    ["a/long", texts["a/long"]],
    ["binary", "not-text"],
    ["bom", texts["bom"]],
    ["crlf.luau", texts["crlf.luau"]],
    ["größe.luau", texts["größe.luau"]],
    ["huge", "too-large"],
    ["latin1", "not-text"],
    ["link", ""],
    ["pipe", ""],
    [undefined, ""],
  ]);
  for (const { entry, payload } of frames) {
    if (payload === undefined) continue;
    const text = Buffer.from(texts[entry?.path ?? ""] ?? "");
    expect([entry?.kind, entry?.bytes, entry?.hash]).toEqual(["file", text.length, hashOf(text)]);
  }
  expect(frames.map(({ entry }) => entry?.kind).slice(-3, -1)).toEqual(["link", "other"]);
  expect(frames.at(-1)).toEqual({ end: true, skipped: 1, content: "" });
});

test("without texts it is the listing, whole, whatever its size", async () => {
  const { folder, put } = tempRoot();
  for (let index = 0; index < 1500; index += 1) put(`f${index % 7}/${index}/file with a name of some length ${index}`);
  put("node_modules/x");
  const files = serve(folder);
  for (const hashes of [false, true]) {
    const { entries } = await files.list({ root: "place", path: "", depth: 9, hashes }, SIGNAL);
    const frames = await streamOf(folder, { path: "", hashes });
    expect(frames.slice(0, -1).map(({ entry }) => entry)).toEqual(entries);
  }
  const near = await streamOf(folder, { path: "f1", depth: 1, ignore: "none" });
  expect(near).toHaveLength(Math.ceil(1499 / 7) + 1);
  expect((await streamOf(folder, { path: "", depth: 1, ignore: "none" })).map(({ entry }) => entry?.path)).toContain(
    "node_modules",
  );
});

function handles(): number {
  return readdirSync("/proc/self/fd").length;
}

test("a reader that goes, or never reads, leaves no handle behind", async () => {
  const { folder, put } = tempRoot();
  for (let index = 0; index < 200; index += 1) put(`deep/deeper/${index}`, "x".repeat(8000));
  const files = serve(folder);
  const before = handles();
  for (const reads of [0, 1]) {
    const { body } = await files.stream({ root: "place", path: "", texts: true }, SIGNAL);
    expect(handles()).toBeGreaterThan(before);
    if (reads > 0) await within(5, "the first chunk", once(body, "readable"));
    body.destroy();
    await within(5, "the end of the stream", once(body, "close"));
    await new Promise(setImmediate);
    expect(handles()).toBe(before);
  }
});

test("over HTTP and over the link it is the same bytes; a folder that is not there is a problem", async () => {
  const { folder, put } = tempRoot({ "a/ü.luau": "π\r\n", b: Buffer.from([0xff]) });
  for (let index = 0; index < 300; index += 1) put(`many/${index}`, `${index}`.repeat(1000));
  const daemon = await startDaemon([{ name: "place", folder, access: "read" }]);
  const input = { root: "place", path: "", texts: true };
  const answer = await daemon.call("files/stream", input);
  expect(answer.headers.get("content-type")).toBe("application/x-puente-frames");
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(framesIn(bytes)).toHaveLength(305);
  const link = createLinkClient({ port: daemon.port, token: daemon.token });
  await link.connect();
  const pieces: Buffer[] = [];
  const stream = link.open("files/stream", input, { onMessage: (piece) => pieces.push(piece) });
  expect((await within(10, "the end of the stream", stream.over)).problem).toBe(undefined);
  expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  link.close();
  const missing = await daemon.call("files/stream", { ...input, path: "nowhere" });
  expect([missing.status, ((await missing.json()) as { code: string }).code]).toEqual([404, "not-found"]);
  const other = await daemon.call("files/stream", input, daemon.createToken("other", ["files:write"]));
  expect(other.status).toBe(403);
  await daemon.close();
});
