import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { within } from "../support/deadline.js";
import {
  eventsOf,
  httpServer,
  type Listening,
  toldTo,
  untilTold,
  watching,
  withStudio,
} from "./stand-in-streams-watch.ts";

let server: Listening;
let accepted: PromiseWithResolvers<WebSocket>;
/** What the server holds its answer to an upgrade back for. */
let gate: Promise<void>;
let heard: string[];

beforeAll(async () => {
  const http = await httpServer((_request, response) => response.end());
  server = http;
  const sockets = new WebSocketServer({ noServer: true, skipUTF8Validation: true });
  http.server.on("upgrade", (request, socket, head) => {
    if (request.url === "/refused") return void socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    if (request.url === "/moved") return void socket.end("HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n");
    void gate.then(() =>
      sockets.handleUpgrade(request, socket, head, (accept) => {
        accept.on("message", (data: Buffer) => heard.push(data.toString("latin1")));
        accepted.resolve(accept);
      }),
    );
  });
});

beforeEach(() => {
  accepted = Promise.withResolvers();
  gate = Promise.resolve();
  heard = [];
});

afterAll(() => server.close());

const client = (path = "/") => watching("it", "WebSocket", `ws://${server.host}${path}`);
const arrival = () => within(5, "the server is asked for a WebSocket", accepted.promise);
const heardAll = (texts: string[]) => expect.poll(() => heard).toEqual(texts);

test.each([101, 200, 0])("Opened tells the status %i", async (webSocketOpenedStatus) => {
  await withStudio({ webSocketOpenedStatus, webSocketOpenedHeaders: "empty" }, async (studio) => {
    await studio.run(client());
    expect(await untilTold(studio, "it", "Opened")).toEqual([["Opened", webSocketOpenedStatus, ""]]);
  });
});

test.each([-1, 0])("Error tells the status %i", async (webSocketErrorStatus) => {
  await withStudio({ webSocketErrorStatus }, async (studio) => {
    await studio.run(client("/refused"));
    expect(await untilTold(studio, "it", "Error")).toEqual([["Error", webSocketErrorStatus, "HTTP 403 (Forbidden)"]]);
  });
});

test.each([
  ["followed", "Opened"],
  ["passed", "Error"],
] as const)("a redirect is %s", async (streamRedirects, event) => {
  await withStudio({ streamRedirects }, async (studio) => {
    await studio.run(client("/moved"));
    expect(eventsOf(await untilTold(studio, "it", event))).toEqual([event]);
  });
});

test.each([true, false])("inactivity ends a WebSocket: %s", async (webSocketInactivity) => {
  await withStudio({ webSocketInactivity, inactivitySeconds: 1 }, async (studio) => {
    await studio.run(client());
    if (webSocketInactivity)
      expect((await untilTold(studio, "it", "Error")).at(-1)).toEqual(["Error", -1, "HttpError: InactivityTimeout"]);
    else {
      await studio.run("task.wait(1.5)");
      expect(eventsOf(await toldTo(studio, "it"))).toEqual(["Opened"]);
    }
  });
});

test.each([true, false])("age ends a WebSocket: %s", async (webSocketAges) => {
  await withStudio({ webSocketAges, streamAgeSeconds: 1 }, async (studio) => {
    await studio.run(client());
    if (webSocketAges) expect(eventsOf(await untilTold(studio, "it", "Closed"))).toEqual(["Opened", "Closed"]);
    else {
      await studio.run("task.wait(1.5)");
      expect(eventsOf(await toldTo(studio, "it"))).toEqual(["Opened"]);
    }
  });
});

test("Studio closes with WebSockets open and half closed, and leaves no socket", async () => {
  let silent: WebSocket | undefined;
  await withStudio({}, async (studio) => {
    await studio.run(client());
    await untilTold(studio, "it", "Opened");
    silent = await arrival();
    silent.pause();
    await studio.run(`shared.it:Close() ${client()}`);
    await untilTold(studio, "it", "Opened");
    expect(server.sockets.size).toBe(2);
  });
  silent?.resume();
  await expect.poll(() => server.sockets.size).toBe(0);
});

describe("Send before Opened", () => {
  test.each([
    ["queued", ["early", "late"], "true nil"],
    ["dropped", ["late"], "true nil"],
    ["error", ["late"], "false WebStreamClient is not open"],
  ] as const)("is %s", async (sendBeforeOpened, texts, outcome) => {
    await withStudio({ sendBeforeOpened }, async (studio) => {
      const upgrade = Promise.withResolvers<void>();
      gate = upgrade.promise;
      expect(
        await studio.run(`${client()}
          local ok, text = pcall(client.Send, client, "early")
          return tostring(ok) .. " " .. tostring(text)`),
      ).toBe(outcome);
      upgrade.resolve();
      await untilTold(studio, "it", "Opened");
      await studio.run(`shared.it:Send("late")`);
      await heardAll([...texts]);
    });
  });
});

test.each([
  ["dropped", "true nil"],
  ["error", "false WebStreamClient is closed"],
] as const)("Send after Close is %s", async (sendAfterClose, outcome) => {
  await withStudio({ sendAfterClose }, async (studio) => {
    await studio.run(client());
    await untilTold(studio, "it", "Opened");
    expect(
      await studio.run(`
        shared.it:Send("before")
        shared.it:Close()
        local ok, text = pcall(shared.it.Send, shared.it, "after")
        return tostring(ok) .. " " .. tostring(text)`),
    ).toBe(outcome);
    await heardAll(["before"]);
  });
});

test.each([
  ["sent", ["a\xffb\xc3", "x"]],
  ["replaced", ["a\xef\xbf\xbdb\xef\xbf\xbd", "x"]],
  ["error", ["x"]],
] as const)("bytes that are no UTF-8 are %s", async (sendInvalidUtf8, texts) => {
  await withStudio({ sendInvalidUtf8 }, async (studio) => {
    await studio.run(client());
    await untilTold(studio, "it", "Opened");
    const ok = await studio.run(`
      local ok = pcall(shared.it.Send, shared.it, "a\\255b\\195")
      shared.it:Send("x")
      return ok`);
    expect(ok).toBe(sendInvalidUtf8 !== "error");
    await heardAll([...texts]);
  });
});

test.each([
  ["Closed", ["Closed"]],
  ["nothing", []],
] as const)("Close while Connecting tells %s", async (closeWhileConnecting, events) => {
  await withStudio({ closeWhileConnecting }, async (studio) => {
    gate = new Promise(() => {});
    await studio.run(`${client()} client:Close()`);
    await expect.poll(() => server.sockets.size).toBe(0);
    expect(eventsOf(await toldTo(studio, "it"))).toEqual(events);
  });
});

test.each(["Error", "ErrorThenClosed", "ClosedThenError"] as const)("a break is %s", async (streamFailure) => {
  await withStudio({ streamFailure }, async (studio) => {
    await studio.run(client());
    (await arrival()).terminate();
    const last = streamFailure === "ErrorThenClosed" ? "Closed" : "Error";
    expect(
      eventsOf(await untilTold(studio, "it", last))
        .slice(1)
        .join("Then"),
    ).toBe(streamFailure);
  });
});
