import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { WebSocket } from "ws";
import { LIMITS } from "../../../shared/protocol.js";
import { within } from "../../support/deadline.js";
import { createLinkClient, type LinkClient } from "../../support/link-client.js";
import { type LinkHost, startLinkHost, startUpstream, type TestUpstream } from "../../support/link-host.js";
import { tempRoot } from "../../support/temp-root.js";

let upstream: TestUpstream;
let upstreamSockets: WebSocket[] = [];
beforeAll(async () => {
  upstream = await startUpstream(
    (request, response) => {
      const url = new URL(request.url ?? "", "http://upstream");
      const bytes = Number(url.searchParams.get("bytes") ?? 0);
      response.writeHead(Number(url.searchParams.get("status") ?? 200), { "content-type": "text/plain" });
      if (url.pathname === "/bytes") response.end("x".repeat(bytes));
      if (url.pathname === "/open") response.write("begun");
      if (url.pathname === "/dies") response.write("begun", () => response.destroy());
    },
    (socket) => {
      upstreamSockets.push(socket);
      socket.on("message", (message, isBinary) => socket.send(message, { binary: isBinary }));
    },
  );
});
afterAll(() => upstream.close());

async function host(options: Partial<Parameters<typeof startLinkHost>[0]> = {}): Promise<LinkHost> {
  const started = await startLinkHost({ upstream, ...options });
  onTestFinished(() => started.close());
  upstreamSockets = [];
  return started;
}

async function linkTo(
  given: LinkHost,
  more: Partial<Parameters<typeof createLinkClient>[0]> = {},
): Promise<LinkClient> {
  const client = createLinkClient({ port: given.port, token: given.token, ...more });
  onTestFinished(() => client.close());
  await within(5, "welcome", client.connect());
  return client;
}

describe("calls", () => {
  test("a call is answered by its reply, with input checked as over HTTP", async () => {
    const root = tempRoot({ "a.txt": "alpha" });
    const link = await linkTo(await host({ roots: [{ name: "r", folder: root.folder, access: "write" }] }));
    const { output } = await link.call<{ entries: { path: string }[] }>("files/list", { root: "r", path: "" });
    expect(output.entries.map(({ path }) => path)).toEqual(["a.txt"]);
    await expect(link.call("files/list", { root: "r" })).rejects.toThrow("invalid-input: input: path is missing");
    await expect(link.call("files/none", {})).rejects.toThrow("no-operation");
    await expect(link.call("__proto__", {})).rejects.toThrow("no-operation");
    await expect(link.call("files/stat", { root: "r", path: "b" })).rejects.toThrow("not-found");
    await expect(link.call("files/stat", { root: "r", path: "a.txt" }, "payload")).rejects.toThrow("invalid-input");
  });

  test("a download's bytes are the payload of the reply, whatever they are", async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    const root = tempRoot({ "a.bin": bytes });
    const link = await linkTo(await host({ roots: [{ name: "r", folder: root.folder, access: "read" }] }));
    const { output, payload } = await link.call<{ hash: string }>("files/read", { root: "r", path: "a.bin" });
    expect(payload).toEqual(bytes);
    expect(output.hash).toMatch(/^[0-9a-f]{64}$/);
    const range = await link.call("files/read", { root: "r", path: "a.bin", range: { offset: 10, bytes: 3 } });
    expect([...range.payload]).toEqual([10, 11, 12]);
    expect(range.output).toEqual({});
  });

  test("an upload's text is the payload of the call; bytes that are no text go by HTTP", async () => {
    const root = tempRoot();
    const link = await linkTo(await host({ roots: [{ name: "r", folder: root.folder, access: "write" }] }));
    const text = "häuser\n{}\n\u{1f3e0}";
    await link.call("files/write", { root: "r", path: "a.txt", expect: "absent" }, text);
    expect((await link.call("files/read", { root: "r", path: "a.txt" })).payload.toString()).toBe(text);
  });
});

describe("streams", () => {
  test("an answer of HTTP: opened with its status and headers, its bytes, closed", async () => {
    const link = await linkTo(await host());
    let bytes = 0;
    const stream = link.open(
      "http",
      { path: "/bytes?bytes=300000&status=404" },
      {
        onMessage: (message) => {
          bytes += message.length;
        },
      },
    );
    expect(await stream.opened).toMatchObject({
      status: 404,
      headers: [{ name: "content-type", value: "text/plain" }],
    });
    expect(await within(5, "the end", stream.over)).toMatchObject({ t: "closed" });
    expect(bytes).toBe(300_000);
    expect(link.violations).toEqual([]);
  });

  test("a socket: messages both ways whole, longer ones in parts, the upstream's code and reason at the end", async () => {
    const link = await linkTo(await host());
    const messages: string[] = [];
    const long = "é".repeat(200_000);
    const stream = link.open("socket", { path: "/" }, { onMessage: (message) => messages.push(message.toString()) });
    for (const text of ["one", "", long, "two"]) stream.send(text);
    await expect.poll(() => messages.length).toBe(4);
    expect(messages).toEqual(["one", "", long, "two"]);
    upstreamSockets[0]?.close(4321, "that is all");
    expect(await within(5, "the end", stream.over)).toMatchObject({ code: 4321, reason: "that is all" });
  });

  test("without credit the upstream is not read", async () => {
    const link = await linkTo(await host());
    let bytes = 0;
    const stream = link.open(
      "http",
      { path: "/bytes?bytes=3000000" },
      {
        credit: 1000,
        byHand: true,
        onMessage: (message) => {
          bytes += message.length;
        },
      },
    );
    await stream.opened;
    await expect.poll(() => bytes).toBe(1000);
    stream.grant(500);
    await expect.poll(() => bytes).toBe(1500);
    stream.grant(LIMITS.fileBytes);
    await within(5, "the end", stream.over);
    expect(bytes).toBe(3_000_000);
  });

  test("close ends the upstream", async () => {
    const link = await linkTo(await host());
    const streams = [link.open("http", { path: "/open" }), link.open("socket", { path: "/" })];
    for (const stream of streams) await stream.opened;
    expect(upstream.open()).toBe(2);
    for (const stream of streams) stream.close();
    for (const stream of streams) expect(await within(1, "closed", stream.over)).not.toHaveProperty("problem");
    await expect.poll(() => upstream.open(), { timeout: 1000 }).toBe(0);
  });

  test("an upstream that dies is a problem, never a clean end; so is one that is not there", async () => {
    const link = await linkTo(await host());
    const stream = link.open("http", { path: "/dies" });
    expect((await within(5, "the end", stream.over)).problem?.code).toBe("internal");
    const none = link.open("none", {});
    expect((await within(5, "the end", none.over)).problem?.code).toBe("no-operation");
  });
});
