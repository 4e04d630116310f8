import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Studio, Switches } from "./stand-in/index.ts";
import {
  eventsOf,
  httpServer,
  type Listening,
  messagesOf,
  toldTo,
  untilTold,
  watching,
  withStudio,
} from "./stand-in-streams-watch.ts";

const EVENT_STREAM = { "Content-Type": "text/event-stream" };
const STREAM = ": hello\nevent: x\nid: 1\ndata: a\ndata: bé\n\ndata:c\r\n\r\n";

let server: Listening;
const open = new Map<string, ServerResponse>();
const askedFor: Record<string, string | undefined> = {};

beforeAll(async () => {
  server = await httpServer((request, response) => {
    const path = request.url ?? "";
    open.set(path, response);
    askedFor[path] = request.headers["accept-encoding"]?.toString();
    if (path === "/503") return void response.writeHead(503, EVENT_STREAM).end("data: later\n\n");
    if (path === "/json") return void response.writeHead(404, { "Content-Type": "application/json" }).end("{}");
    if (path === "/stream") return void response.writeHead(200, EVENT_STREAM).end(STREAM);
    if (path === "/moved") return void response.writeHead(302, { Location: "/stream" }).end("moved");
    if (path === "/loop") return void response.writeHead(307, { Location: "/loop" }).end();
    if (path === "/headless") return;
    if (path === "/gzip")
      return void response.writeHead(200, { "Content-Encoding": "gzip" }).end(gzipSync("packed ".repeat(5_000)));
    response.writeHead(200, EVENT_STREAM).flushHeaders();
  });
});

afterAll(() => server.close());

const url = (path: string) => `http://${server.host}${path}`;

/** Opens a client at a path, waits for one event, and answers all it has told. */
async function tells(studio: Studio, type: "SSE" | "RawStream", path: string, event: string) {
  await studio.run(watching(path, type, url(path)));
  return await untilTold(studio, path, event);
}

async function opened(studio: Studio, path: string): Promise<ServerResponse> {
  await tells(studio, "SSE", path, "Opened");
  const response = open.get(path);
  if (response === undefined) throw new Error(`nobody asked for ${path}`);
  return response;
}

describe.each(["immediate", "deferred"] as const)("with %s signals", (signals) => {
  test.each([
    ["Error", [["Error", -1, "HttpError: ConnectionClosed"]]],
    ["ErrorThenClosed", [["Error", -1, "HttpError: ConnectionClosed"], ["Closed"]]],
    ["ClosedThenError", [["Closed"], ["Error", -1, "HttpError: ConnectionClosed"]]],
  ] as const)("a failure is %s", async (streamFailure, wanted) => {
    await withStudio({ signals, streamFailure }, async (studio) => {
      (await opened(studio, "/fails")).destroy();
      const told = await untilTold(studio, "/fails", wanted.at(-1)?.[0] ?? "");
      expect(told.slice(1)).toEqual(wanted);
      expect(await studio.run(`shared["/fails"].ConnectionState.Name`)).toBe("Error");
    });
  });

  test.each([
    ["atOnce", signals === "immediate" ? 1 : 0],
    ["deferred", 0],
  ] as const)("Close fires %s", async (closeFires, atOnce) => {
    await withStudio({ signals, closeFires }, async (studio) => {
      await opened(studio, "/close");
      expect(
        await studio.run(`
          local told = shared.told["/close"]
          local before = #told
          shared["/close"]:Close()
          return { #told - before, shared["/close"].ConnectionState.Name }`),
      ).toEqual([atOnce, "Closed"]);
      expect(eventsOf(await untilTold(studio, "/close", "Closed"))).toEqual(["Opened", "Closed"]);
    });
  });
});

const cases: [switches: Partial<Switches>, type: "SSE" | "RawStream", path: string, end: string, told: unknown[]][] = [
  [
    { sseRefusalStatus: "response" },
    "SSE",
    "/json",
    "Error",
    [["Error", 404, "Invalid Content-Type header for SSE client"]],
  ],
  [
    { sseRefusalStatus: "none" },
    "SSE",
    "/json",
    "Error",
    [["Error", -1, "Invalid Content-Type header for SSE client"]],
  ],
  [{ sseErrorStatus: "opens" }, "SSE", "/503", "Closed", [["MessageReceived", "data: later\n\n"], ["Closed"]]],
  [{ sseErrorStatus: "fails" }, "SSE", "/503", "Error", [["Error", 503, "HTTP 503"]]],
  [{ sseMessages: "reads" }, "SSE", "/stream", "Closed", [["MessageReceived", STREAM], ["Closed"]]],
  [
    { sseMessages: "payloads" },
    "SSE",
    "/stream",
    "Closed",
    [["MessageReceived", "a\nbé"], ["MessageReceived", "c"], ["Closed"]],
  ],
  [{ sseMessages: "payloads" }, "RawStream", "/stream", "Closed", [["MessageReceived", STREAM], ["Closed"]]],
  [{ streamRedirects: "followed" }, "SSE", "/moved", "Closed", [["MessageReceived", STREAM], ["Closed"]]],
  [{ streamRedirects: "passed" }, "RawStream", "/moved", "Closed", [["MessageReceived", "moved"], ["Closed"]]],
  [{ streamRedirects: "followed" }, "RawStream", "/loop", "Error", [["Error", -1, "HttpError: TooManyRedirects"]]],
  [{ inactivitySeconds: 1 }, "SSE", "/quiet", "Error", [["Error", 200, "HttpError: InactivityTimeout"]]],
  [{ streamAgeSeconds: 1 }, "SSE", "/old", "Closed", [["Closed"]]],
  [{ streamAgeSeconds: 1, streamAgeEnds: "Error" }, "SSE", "/old", "Error", [["Error", 200, "HttpError: Timedout"]]],
  [
    { inactivitySeconds: 1, inactivityBeforeOpened: true },
    "SSE",
    "/headless",
    "Error",
    [["Error", -1, "HttpError: InactivityTimeout"]],
  ],
  [
    { inactivitySeconds: 1, responseTimeoutSeconds: 2 },
    "SSE",
    "/headless",
    "Error",
    [["Error", -1, "HttpError: Timedout"]],
  ],
];

test.each(cases)("%j: %s %s ends in %s", async (switches, type, path, end, wanted) => {
  await withStudio(switches, async (studio) => {
    const told = await tells(studio, type, path, end);
    expect(told.filter(([event]) => event !== "Opened")).toEqual(wanted);
  });
});

test("a stream that is not idle outlives the window of inactivity", async () => {
  await withStudio({ inactivitySeconds: 1 }, async (studio) => {
    const response = await opened(studio, "/beats");
    const beats = setInterval(() => response.write(":\n\n"), 300);
    await untilTold(studio, "/beats", "MessageReceived", 8);
    clearInterval(beats);
    expect((await untilTold(studio, "/beats", "Error")).at(-1)).toEqual(["Error", 200, "HttpError: InactivityTimeout"]);
  });
});

test.each([
  ["none", -1],
  ["response", 200],
] as const)("a cut stream's status is %s", async (streamCutStatus, status) => {
  await withStudio({ streamCutStatus }, async (studio) => {
    (await opened(studio, "/cut")).destroy();
    expect((await untilTold(studio, "/cut", "Error")).at(-1)).toEqual(["Error", status, "HttpError: ConnectionClosed"]);
  });
});

test.each([1, 7, 16_384])("reads of %i bytes", async (readBytes) => {
  await withStudio({ readBytes }, async (studio) => {
    const messages = messagesOf(await tells(studio, "RawStream", "/stream", "Closed"));
    expect(Buffer.concat(messages).toString()).toBe(STREAM);
    expect(Math.max(...messages.map(({ length }) => length))).toBeLessThanOrEqual(readBytes);
  });
});

test("events come right before a frame, or as they arrive", async () => {
  /** How long a message waits for the frame that follows it, in ms: the median of 60. */
  const waitOf = async (streamEventsAt: Switches["streamEventsAt"]): Promise<number> => {
    let wait = 0;
    await withStudio({ streamEventsAt }, async (studio) => {
      const response = await opened(studio, "/paced");
      await studio.run(`
        shared.waits = {}
        local times = {}
        shared["/paced"].MessageReceived:Connect(function() table.insert(times, os.clock()) end)
        game:GetService("RunService").PreRender:Connect(function()
          for _, time in times do table.insert(shared.waits, (os.clock() - time) * 1000) end
          table.clear(times)
        end)`);
      const beats = setInterval(() => response.write("x"), 7);
      await untilTold(studio, "/paced", "MessageReceived", 60);
      clearInterval(beats);
      wait = await studio.run<number>("table.sort(shared.waits) return shared.waits[#shared.waits // 2]");
    });
    return wait;
  };
  expect(await waitOf("frame")).toBeLessThan(await waitOf("arrival"));
});

test.each([
  ["unpacked", "gzip, deflate", "packed ".repeat(5_000)],
  ["raw", "gzip, deflate", undefined],
  ["notAsked", undefined, undefined],
] as const)("gzip is %s", async (streamGzip, encoding, text) => {
  await withStudio({ streamGzip }, async (studio) => {
    const bytes = Buffer.concat(messagesOf(await tells(studio, "RawStream", "/gzip", "Closed")));
    expect(bytes).toEqual(text === undefined ? gzipSync("packed ".repeat(5_000)) : Buffer.from(text));
    expect(askedFor["/gzip"]).toBe(encoding);
  });
});

test.each([
  ["Closed", ["Closed"]],
  ["nothing", []],
] as const)("Close while Connecting tells %s", async (closeWhileConnecting, events) => {
  await withStudio({ closeWhileConnecting }, async (studio) => {
    await studio.run(`${watching("early", "SSE", url("/headless"))} client:Close()`);
    await studio.run("task.wait(0.1)");
    expect(eventsOf(await toldTo(studio, "early"))).toEqual(events);
    expect((await studio.stats()).streamClients).toEqual([]);
  });
});

test("a late Error may follow Close", async () => {
  await withStudio({ errorAfterClose: true }, async (studio) => {
    await opened(studio, "/late");
    await studio.run(`shared["/late"]:Close()`);
    expect((await untilTold(studio, "/late", "Error")).slice(1)).toEqual([
      ["Closed"],
      ["Error", -1, "HttpError: Aborted"],
    ]);
  });
});

test.each([true, false])("opening counts in the quota: %s", async (streamsCountInQuota) => {
  await withStudio({ streamsCountInQuota, quotaPerMinute: 1 }, async (studio) => {
    await opened(studio, "/quota");
    const [isOpen, text] = await studio.run<[boolean, string]>(`
      local ok, made = pcall(function() ${watching("second", "SSE", url("/quota"))} end)
      return { ok, tostring(made) }`);
    expect([isOpen, text]).toEqual(streamsCountInQuota ? [false, "Number of requests exceeded limit"] : [true, "nil"]);
    expect((await studio.stats()).requestsInQuotaWindow).toBe(streamsCountInQuota ? 1 : 0);
  });
});

test.each([true, false])("a stream takes one of the slots: %s", async (streamsTakeSlots) => {
  await withStudio({ streamsTakeSlots, pluginSlots: 1 }, async (studio) => {
    await opened(studio, "/slot");
    await studio.run(watching("second", "RawStream", url("/stream")));
    if (streamsTakeSlots) {
      expect(await studio.stats()).toMatchObject({ openRequests: 1, queuedRequests: 1 });
      expect(await toldTo(studio, "second")).toEqual([]);
      await studio.run(`shared["/slot"]:Close()`);
    }
    expect(eventsOf(await untilTold(studio, "second", "Closed"))).toContain("Opened");
    await expect.poll(async () => (await studio.stats()).openRequests).toBe(0);
  });
});

test.each([
  [{ httpEnabled: false }, "Http requests are not enabled. Enable via game settings"],
  [{ profile: "server" }, "WebStreamClient is not enabled in RCC"],
] as const)("%j: no client is made", async (switches, text) => {
  await withStudio(switches, async (studio) => {
    const made = `pcall(function() ${watching("none", "SSE", url("/stream"))} end)`;
    expect(await studio.run(`select(2, ${made})`)).toBe(text);
  });
});

test.each(["127.0.0.1", "::1"] as const)("localhost is found with %s first", async (localhostFirst) => {
  await withStudio({ localhostFirst }, async (studio) => {
    await studio.run(watching("local", "SSE", url("/stream").replace("127.0.0.1", "localhost")));
    expect(eventsOf(await untilTold(studio, "local", "Closed"))[0]).toBe("Opened");
  });
});
