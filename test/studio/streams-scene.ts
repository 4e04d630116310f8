import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveUpstream } from "../../daemon/upstream/upstream.js";
import { startDaemon } from "../support/daemon.js";
import { startOrigin, type Visit } from "../support/origin.js";
import { authorsPlugin } from "./authors-plugin.js";
import { eventually, luau } from "./plugin-scene.js";
import { type Studio, type Switches, startStudio } from "./stand-in/index.js";

/** Luau that notes what a stream says, in order, as `EVENT value value`. */
const WATCH = `
  _G.heard = {}
  function _G.watch(name, client)
    local heard = {}
    _G.heard[name] = heard
    local function note(event)
      return function(...)
        local values = { event, ... }
        for index, value in values do values[index] = tostring(value) end
        table.insert(heard, table.concat(values, " "))
      end
    end
    client.Opened:Connect(note("Opened"))
    client.MessageReceived:Connect(note("Message"))
    client.Error:Connect(note("Error"))
    client.Closed:Connect(note("Closed"))
    return client
  end
`;

export type StreamsScene = Awaited<ReturnType<typeof setStreams>>;

export interface StreamsOptions {
  readonly switches?: Partial<Switches>;
  /** Where the bridge finds the daemon, where that is not at its own port. */
  readonly port?: (daemon: number) => number | Promise<number>;
  /** Answers the origin's requests; without it the test does, by `origin.next`. */
  readonly serve?: (visit: Visit) => void;
}

/**
 * An origin that is the upstream `up`, a daemon that relays it and serves the root `data`, and a Studio where another
 * plugin holds a bridge, in `_G.bridge`.
 */
export async function setStreams({ switches = {}, port = (own) => own, serve }: StreamsOptions = {}) {
  const top = mkdtempSync(join(tmpdir(), "puente-streams-"));
  const folder = join(top, "data");
  const plugin = join(top, "author.rbxmx");
  mkdirSync(folder);
  writeFileSync(plugin, authorsPlugin());
  const origin = await startOrigin(serve);
  const roots = [{ name: "data", folder, access: "write" as const }];
  const relays = {
    upstreams: [
      resolveUpstream({ name: "up", url: origin.url }),
      resolveUpstream({ name: "gone", url: "http://127.0.0.1:9" }),
    ],
  };
  const daemon = await startDaemon(roots, 0, relays);
  const studio: Studio = await startStudio({ plugins: [plugin], switches });
  const { token } = daemon;
  const url = `http://127.0.0.1:${await port(daemon.port)}`;
  await studio.run(`${WATCH}
    local model = game:GetService("ServerStorage"):FindFirstChild("bridge", true)
    _G.unloading = Instance.new("BindableEvent")
    local isThere, made = require(model).connect({
      url = ${luau(url)}, token = ${luau(token)}, unloading = _G.unloading.Event,
    }):await()
    if not isThere then error("connect: " .. made.code .. ": " .. tostring(made.detail), 0) end
    _G.bridge = made`);

  const clients = async () => (await studio.stats()).streamClients;
  return {
    folder,
    origin,
    studio,
    url,
    daemon,
    clients,
    /** Runs Luau with \`bridge\` and \`Type\`. */
    run: <T = unknown>(body: string) =>
      studio.run<T>(`local bridge, watch, Type = _G.bridge, _G.watch, Enum.WebStreamClientType ${body}`),
    heard: async (name = "it") => {
      const heard = await studio.run<string[]>(`return _G.heard[${luau(name)}]`);
      return Array.isArray(heard) ? heard : [];
    },
    /** Waits until the stream has said something that fits. */
    hear: (fits: RegExp, name = "it", seconds = 10) =>
      studio.until(
        `${name} to say ${fits}`,
        `for _, line in _G.heard[${luau(name)}] do if string.find(line, ${luau(patternOf(fits))}) then return line end end`,
        { seconds },
      ),
    linked: (seconds = 10) =>
      eventually(
        "the link is open",
        async () =>
          (await clients()).some(({ type, state }) => type === "WebSocket" && state === "Open") ? true : undefined,
        seconds,
      ),
    async close() {
      await studio.close();
      await daemon.close();
      await origin.close();
      rmSync(top, { recursive: true, force: true });
    },
  };
}

/** A regular expression as simple as Luau's patterns: a start, and plain text. */
function patternOf({ source }: RegExp): string {
  const start = source.startsWith("^") ? "^" : "";
  return `${start}${source
    .slice(start.length)
    .replaceAll("\\", "")
    .replace(/[%.()[\]*+?-]/g, "%$&")}`;
}
