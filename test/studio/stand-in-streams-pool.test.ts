import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startStudio } from "./stand-in/index.ts";
import { writeRbxmx } from "./stand-in/write-rbxmx.ts";
import {
  eventsOf,
  httpServer,
  type Listening,
  toldTo,
  untilTold,
  watching,
  withStudio,
} from "./stand-in-streams-watch.ts";

const FULL = "Too many WebStreamClients active, please close existing ones before creating new ones";

let server: Listening;
const open = new Map<string, ServerResponse>();

beforeAll(async () => {
  server = await httpServer((request, response) => {
    open.set(request.url ?? "", response);
    response.writeHead(200, { "Content-Type": "text/event-stream" }).flushHeaders();
  });
});

afterAll(() => server.close());

const url = (path: string) => `http://${server.host}/${path}`;
/** Opens clients until one is refused; answers how many there were, and the refusal. */
const fill = (most = 10) => `
  local http = game:GetService("HttpService")
  shared.clients = shared.clients or {}
  for i = 1, ${most} do
    local ok, made = pcall(http.CreateWebStreamClient, http, Enum.WebStreamClientType.RawStream, { Url = "${url("fill")}" })
    if not ok then
      return { i - 1, made }
    end
    table.insert(shared.clients, made)
  end
  return { ${most} }`;

describe.each([6, 4])("with %i clients at most", (streamClients) => {
  test("one more is refused, in these words, until one is closed", async () => {
    await withStudio({ streamClients }, async (studio) => {
      expect(await studio.run(fill())).toEqual([streamClients, FULL]);
      expect((await studio.stats()).streamClients).toHaveLength(streamClients);
      expect(await studio.run(`shared.clients[1]:Close() ${fill()}`)).toEqual([1, FULL]);
    });
  });

  test.each(["end", "Close"] as const)("a slot is freed by %s", async (streamSlotFreedBy) => {
    await withStudio({ streamClients, streamSlotFreedBy }, async (studio) => {
      await studio.run(watching("ended", "SSE", url("ended")));
      await untilTold(studio, "ended", "Opened");
      open.get("/ended")?.end();
      await untilTold(studio, "ended", "Closed");
      const left = streamSlotFreedBy === "end" ? streamClients : streamClients - 1;
      expect(await studio.run(fill())).toEqual([left, FULL]);
      await studio.run("shared.ended:Close()");
      expect(await studio.run(fill())).toEqual([streamClients - left, FULL]);
      expect(eventsOf(await toldTo(studio, "ended"))).toEqual(["Opened", "Closed"]);
    });
  });
});

test("a plugin that is unloaded leaks what it did not close; stats say whose it is", async () => {
  const source = (path: string, ending: string) => `
    local client = game:GetService("HttpService"):CreateWebStreamClient(
      Enum.WebStreamClientType.SSE, { Url = "${url(path)}" })
    client.Opened:Connect(function() workspace:SetAttribute("${path}", true) end)
    ${ending}`;
  const careless = await writeRbxmx("careless", [{ name: "main", source: source("careless", "") }]);
  const tidy = await writeRbxmx("tidy", [
    { name: "main", source: source("tidy", "plugin.Unloading:Connect(function() client:Close() end)") },
  ]);
  const studio = await startStudio({ plugins: [careless.path, tidy.path] });
  try {
    await studio.until("both are open", `workspace:GetAttribute("careless") and workspace:GetAttribute("tidy")`);
    await studio.reloadPlugin();
    await studio.reloadPlugin();
    const { streamClients } = await studio.stats();
    expect(streamClients.map(({ madeBy, leaked }) => [madeBy, leaked])).toEqual([
      ["user_careless.rbxmx", true],
      ["user_careless.rbxmx", true],
      ["user_careless.rbxmx", false],
      ["user_tidy.rbxmx", false],
    ]);
    expect(await studio.run(fill())).toEqual([2, FULL]);
  } finally {
    await studio.close();
    await careless.remove();
    await tidy.remove();
  }
});

test("a leaked client's slot is not freed by its stream's end", async () => {
  const plugin = await writeRbxmx("leaky", [
    {
      name: "main",
      source: `
        shared.leaky = game:GetService("HttpService"):CreateWebStreamClient("SSE", { Url = "${url("leaky")}" })
        shared.leaky.Opened:Connect(function() workspace:SetAttribute("open", true) end)`,
    },
  ]);
  const studio = await startStudio({ plugins: [plugin.path] });
  try {
    await studio.until("it is open", `workspace:GetAttribute("open")`);
    await studio.unloadPlugin();
    open.get("/leaky")?.end();
    await studio.until("its stream ends", `shared.leaky.ConnectionState == Enum.WebStreamClientState.Closed`);
    expect((await studio.stats()).streamClients).toMatchObject([{ leaked: true, state: "Closed" }]);
    await studio.run("shared.leaky:Close()");
    expect((await studio.stats()).streamClients).toEqual([]);
  } finally {
    await studio.close();
    await plugin.remove();
  }
});

test("Studio closes with streams open, and leaves no socket", async () => {
  await withStudio({}, async (studio) => {
    expect(await studio.run(fill(6))).toEqual([6]);
    await expect.poll(() => server.sockets.size).toBeGreaterThanOrEqual(6);
  });
  await expect.poll(() => server.sockets.size).toBe(0);
});
