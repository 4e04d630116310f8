import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import type { WebSocket } from "ws";
import { type ChaosProxy, startChaosProxy } from "../support/chaos-proxy.js";
import { bridgeOf, FILES, heardOf, STREAMS, TRAFFIC } from "./chaos-traffic.js";
import { startHostRename } from "./host-rename.js";
import { eventually } from "./plugin-scene.js";
import type { Switches } from "./stand-in/index.js";
import { setStreams } from "./streams-scene.js";

/** What Studio's calls and short streams came to: `ok`, or a problem's code, with `down ` before it where the link was down. */
export interface Outcomes {
  readonly writes: Readonly<Record<string, string>>;
  readonly reads: readonly string[];
  readonly opens: readonly string[];
}

/** What the link has told of itself. */
export interface Told {
  readonly ups: number;
  readonly sessions: number;
  readonly downs: number;
  readonly silences: number;
}

/** What one of the long streams has said: its signals but the messages, and the numbers in these, as they came. */
export interface Said {
  readonly signals: readonly string[];
  readonly numbers: readonly number[];
}

/** Of the long streams: how far both sides have counted, and what has come on the other. */
export interface Counted {
  readonly sent: number;
  readonly arrived: readonly number[];
  readonly told: number;
  readonly heard: { readonly [stream in (typeof STREAMS)[number]]: Said };
}

export type ChaosScene = Awaited<ReturnType<typeof setChaos>>;

const TELL_MS = 24;
const COLLECT_MS = 10;

/**
 * A Studio, a daemon and an origin with a chaos proxy between the first two, and mixed traffic in all directions.
 * The folder is emptied as it is written to, so that a write that is executed twice is seen twice.
 */
export async function setChaos(switches: Partial<Switches>) {
  const made: { proxy?: ChaosProxy; rename?: Awaited<ReturnType<typeof startHostRename>> } = {};
  /** How often each path was asked for. */
  const asked = new Map<string, number>();
  const bodies: { RawStream?: ServerResponse; SSE?: ServerResponse } = {};
  const scene = await setStreams({
    switches,
    port: async (daemon) => {
      made.rename = await startHostRename(daemon);
      made.proxy = await startChaosProxy(made.rename.port);
      made.rename.from(made.proxy.port);
      return made.proxy.port;
    },
    serve({ url, response }) {
      asked.set(url, (asked.get(url) ?? 0) + 1);
      if (url.startsWith("/once/")) response.writeHead(200).end(url);
      else {
        const isSse = url === "/SSE";
        bodies[isSse ? "SSE" : "RawStream"] = response;
        response.writeHead(200, { "content-type": isSse ? "text/event-stream" : "text/plain" }).flushHeaders();
      }
    },
  });
  const { proxy, rename } = made;
  if (proxy === undefined || rename === undefined) throw new Error("there is no proxy");
  const { studio, run, origin, folder } = scene;
  mkdirSync(join(folder, "given"));
  for (let index = 0; index < FILES; index += 1) {
    writeFileSync(join(folder, "given", `${index}`), `${index}`.repeat(index * 2000));
  }

  const written = new Map<string, string[]>();
  function collect(): void {
    for (const name of readdirSync(folder)) {
      if (!/^w\d+-\d+$/.test(name)) continue;
      written.set(name, [...(written.get(name) ?? []), readFileSync(join(folder, name), "utf8")]);
      rmSync(join(folder, name));
    }
  }
  const collecting = setInterval(collect, COLLECT_MS);

  const arrived: number[] = [];
  let socket: WebSocket | undefined;
  let count = 0;
  function tell(): void {
    count += 1;
    socket?.send(`${count} ${"o".repeat(count % 150 === 0 ? 90_000 : (count * 53) % 1000)}`);
    bodies.RawStream?.write(`${count}\n`);
    bodies.SSE?.write(`data: ${count}\n\n`);
  }
  let telling: NodeJS.Timeout | undefined;

  async function said(name: (typeof STREAMS)[number]): Promise<Said> {
    const lines = await run<string[]>(heardOf(name));
    const text = lines.filter((line) => line.startsWith("Message ")).map((line) => line.slice("Message ".length));
    return {
      signals: lines.flatMap((line) => /^(?!Message )\w+/.exec(line) ?? []),
      numbers: [...text.join("").matchAll(/^(?:data: )?(\d+)$/gm)].map(([, number]) => Number(number)),
    };
  }

  return {
    ...scene,
    proxy,
    told: () => run<Told>("return _G.told"),
    /** Waits until the link has come up more often than that. */
    up: (before: number) => studio.until("the link to be up", `return _G.told.ups > ${before}`, { seconds: 30 }),
    /** Begins the traffic, once the link is up. */
    async begin(): Promise<void> {
      await run(bridgeOf(scene.url, scene.daemon.token));
      await studio.until("the link to be up", "return _G.told.ups > 0");
      await run(TRAFFIC);
      socket = await origin.nextSocket();
      socket.on("message", (message) => arrived.push(Number.parseInt(String(message), 10)));
      await studio.until("the streams", "return #_G.heard.RawStream > 0 and #_G.heard.SSE > 0");
      telling = setInterval(tell, TELL_MS);
    },
    /** Ends what Studio does, once all of it is done; the long streams are left open. */
    async stop(): Promise<Outcomes> {
      clearInterval(telling);
      await run("_G.stop = true");
      await studio.until("all calls to end", "return _G.working == 0", { seconds: 60 });
      collect();
      return run<Outcomes>("return _G.outcomes");
    },
    /** Has the origin end the long streams once all has come, and waits until Studio is told. */
    async finish(): Promise<void> {
      const sent = await run<number>("return _G.sent");
      await eventually("all that Studio sent", async () => (arrived.length < sent ? undefined : true));
      for (const body of Object.values(bodies)) body.end();
      socket?.close();
      for (const name of STREAMS) await scene.hear(/^Closed/, name, 20);
    },
    async counted(): Promise<Counted> {
      const sent = await run<number>("return _G.sent");
      const [WebSocket, RawStream, SSE] = [await said("WebSocket"), await said("RawStream"), await said("SSE")];
      return { sent, arrived, told: count, heard: { WebSocket, RawStream, SSE } };
    },
    written,
    asked,
    async close(): Promise<void> {
      clearInterval(telling);
      clearInterval(collecting);
      await scene.close();
      await proxy.close();
      await rename.close();
    },
  };
}
