import { once } from "node:events";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { within } from "../support/deadline.ts";
import { openStudio } from "./stand-in/open-studio.ts";
import type { StudioPage } from "./stand-in/page-server.ts";
import type { ToPage } from "./stand-in/screen/protocol.ts";

let studio: StudioPage;
let url: URL;
beforeAll(async () => {
  studio = await openStudio({ plugins: [] });
  url = new URL(studio.url);
});
afterAll(() => studio.close());

/** The status of a request as it is written, with nothing mended. */
async function statusOf(path: string, { method = "GET", host = url.host } = {}): Promise<number | undefined> {
  const sent = request({ host: "127.0.0.1", port: url.port, path, method, headers: { host } });
  sent.end();
  const [response] = await within(5, `${method} ${path} is answered`, once(sent, "response"));
  response.resume();
  return response.statusCode;
}

function connect({ origin = url.origin, path = "/screen", host = url.host } = {}): WebSocket {
  const headers = { host, ...(origin === "" ? {} : { origin }) };
  const socket = new WebSocket(`ws://127.0.0.1:${url.port}${path}`, { headers });
  onTestFinished(() => socket.terminate());
  socket.on("error", () => undefined);
  return socket;
}

const closed = (socket: WebSocket) =>
  within(8, "the connection is closed", new Promise<number>((resolve) => socket.once("close", resolve)));
const key = () => url.hash.slice("#key=".length);
const hello = (given = key()) => JSON.stringify({ kind: "hello", key: given });

async function enter(): Promise<WebSocket> {
  const socket = connect();
  await within(5, "the connection is open", once(socket, "open"));
  socket.send(hello());
  return socket;
}

describe("the page's server", () => {
  test("serves the page, and nothing beside it", async () => {
    expect(await statusOf("/")).toBe(200);
    for (const path of [
      "/package.json",
      "/../package.json",
      "/%2e%2e/main.js",
      "/assets/../../main.js",
      "//etc/passwd",
    ])
      expect(await statusOf(path), path).toBe(404);
    expect(await statusOf("/", { method: "POST" })).toBe(405);
  });

  test("has a policy that lets the page load nothing from elsewhere", async () => {
    const { headers } = await fetch(url.origin);
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });

  test("answers to its own names only", async () => {
    expect(await statusOf("/", { host: "evil.example" })).toBe(403);
    expect(await statusOf("/", { host: `evil.example:${url.port}` })).toBe(403);
  });

  test.each([
    ["another page", { origin: "http://localhost:1" }],
    ["a file", { origin: "null" }],
    ["no page at all", { origin: "" }],
    ["a rebound name", { origin: `http://evil.example:1`, host: "evil.example:1" }],
    ["another path", { path: "/" }],
  ])("a WebSocket of %s is not taken", async (_what, given) => {
    expect(await closed(connect(given))).toBe(1006);
  });

  test("a page without the key is shown nothing", async () => {
    for (const first of [hello("0".repeat(32)), hello(""), "no message", "null", '{"kind":"toolbar","id":1}']) {
      const socket = connect();
      let got = 0;
      socket.on("message", () => {
        got += 1;
      });
      await within(5, "the connection is open", once(socket, "open"));
      socket.send(first);
      expect(await closed(socket)).toBe(4401);
      expect(got).toBe(0);
    }
  });

  test("a page with the key gets everything, and again when another comes", async () => {
    const first = await enter();
    const [data] = await within(5, "the first page is told", once(first, "message"));
    const told = JSON.parse(String(data)) as ToPage;
    expect(told).toMatchObject({ reset: true, theme: "Dark", widgets: [], toolbar: [] });
    expect(told.explorer?.rows.map(({ name }) => name)).toContain("ServerStorage");
    const second = await enter();
    const [again] = await within(5, "the second page is told", once(second, "message"));
    expect(JSON.parse(String(again))).toMatchObject({ reset: true });
  });

  test.each([
    "not JSON",
    "7",
    "[]",
    "{}",
    '{"kind":"nonsense"}',
    '{"kind":"constructor"}',
    '{"kind":"pointer"}',
    '{"kind":"pointer","type":"down","widget":1,"x":1e999,"y":0,"under":[],"button":0,"clicks":1,"wheel":[0,0],"held":{}}',
    '{"kind":"type","number":1,"id":1,"text":7,"start":0,"end":0}',
    '{"kind":"select","ids":["1"]}',
    '{"kind":"theme","theme":"Blue"}',
  ])("what our page would never say (%s) ends that page alone", async (text) => {
    const socket = await enter();
    await within(5, "it is told", once(socket, "message"));
    socket.send(text);
    expect(await closed(socket)).toBe(1006);
    expect(await studio.studio().run("1 + 1")).toBe(2);
  });

  test("messages about what is not there do no harm", async () => {
    const socket = await enter();
    await within(5, "it is told", once(socket, "message"));
    const held = { shift: false, ctrl: false, alt: false, meta: false };
    for (const odd of [
      {
        kind: "pointer",
        type: "down",
        widget: 1e9,
        x: 1,
        y: 1,
        under: [1e9, -1],
        button: 2,
        clicks: 1,
        wheel: [0, 0],
        held,
      },
      { kind: "type", number: 1, id: 1e9, text: "x", start: -5, end: 1e9 },
      { kind: "edit", number: 2, id: 99, text: "x" },
      { kind: "select", ids: [1e9, 0.5] },
      { kind: "scroll", id: 12, x: -1e300, y: 1e300 },
      { kind: "resize", widget: 4, width: -1, height: 1e12 },
      { kind: "close-document", id: 4 },
      { kind: "open", id: 4e9 },
      { kind: "theme", theme: "Light" },
    ])
      socket.send(JSON.stringify(odd));
    await within(
      5,
      "the theme is told",
      new Promise<void>((resolve) =>
        socket.on("message", (data) => {
          if ((JSON.parse(String(data)) as ToPage).theme === "Light") resolve();
        }),
      ),
    );
  });
});

test("a restarted Studio is a new one with the settings of the old", async () => {
  const other = await openStudio({ plugins: [], settings: { "some file": { kept: 1 } } });
  onTestFinished(() => other.close());
  const before = other.studio();
  const { host, hash, origin, port } = new URL(other.url);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/screen`, { headers: { host, origin } });
  onTestFinished(() => socket.terminate());
  await within(5, "the connection is open", once(socket, "open"));
  socket.send(JSON.stringify({ kind: "hello", key: hash.slice("#key=".length) }));
  await within(5, "it is told", once(socket, "message"));
  await before.run(`plugin:SetSetting("kept", 2)`);
  socket.send(JSON.stringify({ kind: "restart" }));
  await within(10, "the old Studio ends", before.ended);
  await expect.poll(() => other.studio() !== before).toBe(true);
  expect(other.studio().settings()).toEqual({ "some file": { kept: 1 }, "command bar": { kept: 2 } });
});

async function told(socket: WebSocket): Promise<ToPage> {
  const [data] = await within(10, "the page is told", once(socket, "message"));
  return JSON.parse(String(data)) as ToPage;
}

async function enterOf(shown: StudioPage): Promise<WebSocket> {
  const { host, hash, origin } = new URL(shown.url);
  const socket = new WebSocket(`ws://${host}/screen`, { headers: { host, origin } });
  onTestFinished(() => socket.terminate());
  await within(5, "the connection is open", once(socket, "open"));
  socket.send(JSON.stringify({ kind: "hello", key: hash.slice("#key=".length) }));
  return socket;
}

test("a page that comes after Studio has ended is told why, and can restart it", async () => {
  const other = await openStudio({ plugins: [] });
  onTestFinished(() => other.close());
  await other.studio().close();
  const socket = await enterOf(other);
  expect(await told(socket)).toMatchObject({ reset: true, ended: "Studio is closed" });
  const before = other.studio();
  socket.send(JSON.stringify({ kind: "restart" }));
  expect(await told(socket)).toMatchObject({ reset: true, theme: "Dark" });
  expect(other.studio()).not.toBe(before);
});

test("closing while Studio restarts leaves nothing", async () => {
  const other = await openStudio({ plugins: [] });
  const socket = await enterOf(other);
  await told(socket);
  socket.send(JSON.stringify({ kind: "restart" }));
  await within(5, "the old one ends", other.studio().ended);
  await other.close();
  await expect(other.studio().run("1 + 1")).rejects.toThrow("Studio is closed");
});

test("a large picture is sent once", async () => {
  const other = await openStudio({ plugins: [] });
  onTestFinished(() => other.close());
  await other.studio().run(`
    local info = DockWidgetPluginGuiInfo.new(Enum.InitialDockState.Float, true, true, 300, 300)
    local widget = plugin:CreateDockWidgetPluginGui("large", info)
    for i = 1, 15000 do Instance.new("TextLabel").Parent = widget end`);
  const socket = await enterOf(other);
  let resets = 0;
  let bytes = 0;
  socket.on("message", (data) => {
    const text = String(data);
    if (text.includes('"reset":true')) {
      resets += 1;
      bytes = Math.max(bytes, text.length);
    }
  });
  await expect.poll(() => resets, { timeout: 20_000 }).toBe(1);
  expect(bytes).toBeGreaterThan(4 * 1024 * 1024);
  // What comes afterwards is only what changes.
  socket.send(JSON.stringify({ kind: "theme", theme: "Light" }));
  await within(
    10,
    "the theme is told",
    new Promise<void>((resolve) =>
      socket.on("message", (data) => {
        if ((JSON.parse(String(data)) as ToPage).theme === "Light") resolve();
      }),
    ),
  );
  expect(resets).toBe(1);
});

test("a taken port is an error, and leaves nothing running", async () => {
  await expect(openStudio({ plugins: [] }, Number(url.port))).rejects.toThrow("EADDRINUSE");
});
