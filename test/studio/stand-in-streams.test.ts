import type { IncomingMessage, ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { within } from "../support/deadline.js";
import { type Studio, startStudio } from "./stand-in/index.ts";
import {
  deadHost,
  eventsOf,
  httpServer,
  type Listening,
  messagesOf,
  rawServer,
  toldTo,
  untilTold,
  watching,
} from "./stand-in-streams-watch.ts";

const EVENT_STREAM = { "Content-Type": "text/event-stream" };
const HTTP = `local http = game:GetService("HttpService")`;

let server: Listening;
let studio: Studio;
/** Answers that are open, by path. */
const open = new Map<string, ServerResponse>();

beforeAll(async () => {
  server = await httpServer((request, response) => void serve(request, response));
  studio = await startStudio({ plugins: [] });
});

afterAll(async () => {
  await studio.close();
  await server.close();
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? "";
  open.set(path, response);
  if (path === "/echo") {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces).toString();
    response.writeHead(200, EVENT_STREAM);
    return void response.end(JSON.stringify({ method: request.method, headers: request.headers, body }));
  }
  if (path === "/json") return void response.writeHead(401, { "Content-Type": "application/json" }).end("{}");
  if (path === "/charset")
    return void response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8" }).end("data: x\n\n");
  if (path === "/busy") return void response.writeHead(429, { "Retry-After": "7" }).end("too much");
  if (path === "/bytes") return void response.end(Buffer.from([...Array(256).keys()]));
  if (path === "/moved") return void response.writeHead(302, { Location: "/bytes" }).end();
  response.writeHead(200, EVENT_STREAM).flushHeaders();
}

const url = (path: string) => `http://${server.host}${path}`;
const thrown = (type: string, options: string) =>
  studio.run<string>(
    `${HTTP} return select(2, pcall(http.CreateWebStreamClient, http, Enum.WebStreamClientType.${type}, ${options}))`,
  );

/** Opens a client at a path that stays open, and answers the server's end of it. */
async function opened(path: string, type: "SSE" | "RawStream" = "SSE"): Promise<ServerResponse> {
  await studio.run(watching(path, type, url(path)));
  await untilTold(studio, path, "Opened");
  const response = open.get(path);
  if (response === undefined) throw new Error(`nobody asked for ${path}`);
  return response;
}

describe("a client", () => {
  test("is an Object with the members of the reference, and nothing else", async () => {
    await opened("/object");
    expect(
      await studio.run(`
        local client = shared["/object"]
        local function refusal(work)
          return select(2, pcall(work))
        end
        return {
          typeof(client), tostring(client), client.ClassName, client:IsA("Object"), client:IsA("Instance"),
          tostring(client.ConnectionState),
          refusal(function() return client.close end),
          refusal(function() return client.Parent end),
          refusal(function() client.ConnectionState = 1 end),
          refusal(function() client.Close() end),
          refusal(function() Instance.new("WebStreamClient") end),
        }`),
    ).toEqual([
      "Object",
      "WebStreamClient",
      "WebStreamClient",
      true,
      false,
      "Enum.WebStreamClientState.Open",
      'close is not a valid member of WebStreamClient "WebStreamClient"',
      'Parent is not a valid member of WebStreamClient "WebStreamClient"',
      "Unable to assign property ConnectionState. Property is read only",
      "Expected ':' not '.' calling member function Close",
      'Unable to create an Instance of type "WebStreamClient"',
    ]);
    await studio.run(`shared["/object"]:Close()`);
  });

  test("is there at once and Connecting, and tells nothing before its maker's resumption ends", async () => {
    expect(
      await studio.run(`
        ${watching("early", "RawStream", url("/bytes"))}
        local start = os.clock()
        repeat until os.clock() - start > 0.3
        return { tostring(client.ConnectionState), #told }`),
    ).toEqual(["Enum.WebStreamClientState.Connecting", 0]);
    expect(eventsOf(await untilTold(studio, "early", "Closed"))).toEqual(["Opened", "MessageReceived", "Closed"]);
  });

  test("tells the changes of its state", async () => {
    await studio.run(`
      ${watching("states", "RawStream", url("/bytes"))}
      shared.states = {}
      client:GetPropertyChangedSignal("ConnectionState"):Connect(function()
        table.insert(shared.states, client.ConnectionState.Name)
      end)`);
    await untilTold(studio, "states", "Closed");
    expect(await studio.run("shared.states")).toEqual(["Open", "Closed"]);
  });

  test("Close ends the request, fires Closed with nothing, once, and Send does nothing", async () => {
    const response = await opened("/close");
    const gone = new Promise((resolve) => response.once("close", resolve));
    expect(
      await studio.run(`
        local client, count = shared["/close"], nil
        client.Closed:Connect(function(...) count = select("#", ...) end)
        client:Send("ignored")
        client:Close()
        client:Close()
        client:Send("ignored")
        return { tostring(client.ConnectionState), count }`),
    ).toEqual(["Enum.WebStreamClientState.Closed", 0]);
    await within(1, "the server sees the end", gone);
    expect(eventsOf(await toldTo(studio, "/close"))).toEqual(["Opened", "Closed"]);
  });
});

describe("what comes", () => {
  test("of SSE is the stream's own text: names, ids, comments, blank lines", async () => {
    const text = ": hello\nevent: x\nid: 1\nretry: 5\ndata: a\ndata: b\n\n";
    (await opened("/text")).end(text);
    expect(messagesOf(await untilTold(studio, "/text", "Closed")).join("")).toBe(text);
  });

  test("two events written together are one message", async () => {
    const response = await opened("/together");
    response.write(`data: ${"a".repeat(7_000)}\n\ndata: ${"b".repeat(8_000)}\n\n`);
    response.end();
    const messages = messagesOf(await untilTold(studio, "/together", "Closed"));
    expect(messages.map(({ length }) => length)).toEqual([15_016]);
  });

  test("an event of 16,739 bytes comes as its first 16,372 and the other 367", async () => {
    const response = await opened("/long");
    response.write(`data: ${"x".repeat(16_739)}\n\n`);
    const messages = messagesOf(await untilTold(studio, "/long", "MessageReceived", 2));
    expect(messages.map((bytes) => bytes.toString().replace(/[^x]/g, "").length)).toEqual([16_372, 367]);
    response.end();
  });

  test("every byte is kept, and a character may be cut", async () => {
    await studio.run(watching("bytes", "RawStream", url("/bytes")));
    const [bytes] = messagesOf(await untilTold(studio, "bytes", "Closed"));
    expect([...(bytes ?? [])]).toEqual([...Array(256).keys()]);

    const response = await opened("/cut");
    response.write(`${"x".repeat(16_377)}é😀`);
    const cut = messagesOf(await untilTold(studio, "/cut", "MessageReceived", 2));
    expect(cut[0]?.at(-1)).toBe(0xc3);
    expect(Buffer.concat(cut).toString()).toBe(`${"x".repeat(16_377)}é😀`);
    response.end();
  });

  test("a chunked body that comes byte by byte, with extensions and trailers, is whole", async () => {
    const wire =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
      "3;name=value\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
    const raw = await rawServer((socket) => {
      const writeFrom = (at: number): void => {
        socket.write(wire[at] ?? "");
        if (at + 1 < wire.length) setImmediate(writeFrom, at + 1);
      };
      writeFrom(0);
    });
    await studio.run(watching("crumbs", "RawStream", `http://${raw.host}/`));
    const told = await untilTold(studio, "crumbs", "Closed");
    expect(Buffer.concat(messagesOf(told)).toString()).toBe("abc0123456789");
    expect(told[0]).toEqual(["Opened", 200, "Transfer-Encoding: chunked\r\n"]);
    await raw.close();
  });

  test("of RawStream an error answer opens with its status and headers, and closes after its body", async () => {
    await studio.run(watching("busy", "RawStream", url("/busy")));
    const told = await untilTold(studio, "busy", "Closed");
    expect(eventsOf(told)).toEqual(["Opened", "MessageReceived", "Closed"]);
    expect(told[0]?.[1]).toBe(429);
    expect(String(told[0]?.[2]).toLowerCase()).toContain("retry-after: 7\r\n");
    expect(told[1]).toEqual(["MessageReceived", "too much"]);
  });

  test("SSE wants its Content-Type, and withholds the body of anything else", async () => {
    await studio.run(watching("json", "SSE", url("/json")));
    expect(await untilTold(studio, "json", "Error")).toEqual([
      ["Error", 401, "Invalid Content-Type header for SSE client"],
    ]);
    expect(await studio.run("tostring(shared.json.ConnectionState)")).toBe("Enum.WebStreamClientState.Error");
    await studio.run(watching("charset", "SSE", url("/charset")));
    expect(eventsOf(await untilTold(studio, "charset", "Closed"))).toEqual(["Opened", "MessageReceived", "Closed"]);
  });
});

describe("what goes out", () => {
  test("is RequestAsync's: method, headers of the script and of Studio, body, no Origin", async () => {
    await studio.run(
      watching(
        "echo",
        "SSE",
        url("/echo"),
        `Method = "POST", Headers = { ["X-Own"] = "yes", accept = "a/b" }, Body = "é"`,
      ),
    );
    const told = await untilTold(studio, "echo", "Closed");
    const sent = JSON.parse(Buffer.concat(messagesOf(told)).toString()) as { headers: object };
    expect(sent).toMatchObject({
      method: "POST",
      body: "é",
      headers: {
        "x-own": "yes",
        accept: "a/b",
        "content-length": "2",
        host: server.host,
        "roblox-id": "0",
        "user-agent": "RobloxStudio/WinInet",
      },
    });
    expect(Object.keys(sent.headers)).not.toContain("origin");
  });

  test.each([
    ["SSE", `{ Url = "" }`, "Empty URL"],
    ["SSE", `{ Url = "ws://127.0.0.1/" }`, "ws://127.0.0.1/: Trust check failed"],
    ["WebSocket", `{ Url = "http://127.0.0.1/" }`, "http://127.0.0.1/: Trust check failed"],
    ["RawStream", `{ Url = "http://x/", Headers = { Host = "y" } }`, 'Header "Host" is not allowed!'],
    ["WebSocket", `{ Url = "ws://x/", Headers = { ["User-Agent"] = "y" } }`, 'Header "User-Agent" is not allowed!'],
    ["SSE", `{ Url = "http://x/", Headers = { X = "a\\r\\nHost: y" } }`, 'Header "X" is not allowed!'],
    [
      "SSE",
      `{ Url = "http://x/", Body = "b" }`,
      "Invalid request options, Body should be empty for 'GET' or 'HEAD' method",
    ],
    ["SSE", "nil", "Argument 2 missing or nil"],
  ])("%s %s is refused", async (type, options, text) => {
    expect(await thrown(type, options)).toBe(text);
  });
});

describe("what fails", () => {
  test("nobody listening", async () => {
    await studio.run(watching("nobody", "RawStream", `http://${await deadHost()}/`));
    expect(await untilTold(studio, "nobody", "Error")).toEqual([["Error", -1, "HttpError: ConnectFail"]]);
  });

  test.each([
    ["nonsense\r\n\r\n", "HttpError: NetFail"],
    ["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart", "HttpError: ConnectionClosed"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n", "HttpError: ConnectionClosed"],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfour\r\npart\r\n", "HttpError: NetFail"],
    ["HTTP/1.1 200", "HttpError: ConnectionClosed"],
  ])("%j", async (wire, text) => {
    const raw = await rawServer((socket) => socket.end(wire));
    await studio.run(watching(wire, "RawStream", `http://${raw.host}/`));
    expect((await untilTold(studio, wire, "Error")).at(-1)).toEqual(["Error", -1, text]);
    await raw.close();
  });

  test("a port that is closed to plugins", async () => {
    await studio.run(watching("port", "RawStream", "http://127.0.0.1:22/"));
    expect(await untilTold(studio, "port", "Error")).toEqual([["Error", 403, "HTTP 403 (ERR_ACCESS_DENIED)"]]);
  });
});

test("what Luau has not seen yet stays in the network beyond one mebibyte", async () => {
  const size = 64 * 1_048_576;
  const response = await opened("/flood", "RawStream");
  await studio.run(`
    shared.seen = 0
    shared["/flood"].MessageReceived:Connect(function(bytes)
      shared.seen += #bytes
    end)
    shared.told["/flood"] = nil`);
  response.end(Buffer.alloc(size, "x"));
  let most = 0;
  let seen = 0;
  while (seen < size) {
    const { streamClients } = await studio.stats();
    most = Math.max(most, ...streamClients.map(({ undeliveredBytes }) => undeliveredBytes));
    seen = await studio.run<number>("shared.seen");
  }
  expect(most).toBeGreaterThan(100_000);
  expect(most).toBeLessThanOrEqual(1_048_576 + 16_384);
});
