import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "./sources.ts";

const { createLinkClient } = await import("../test/support/link-client.ts");

const MAIN = join(import.meta.dirname, "..", "dist", "main.js");
const MODEL = "paced";
/** A hundredth of a second: what Linux counts a process's time in. */
const TICK_MS = 10;

/** What is asked of the paced server. */
export interface Asked {
  readonly id: string;
  /** `stamps`: each token is the time of its sending, in microseconds of the machine's clock. `prose`: text with code. */
  readonly kind: "stamps" | "prose";
  readonly tokens: number;
  readonly perSecond: number;
}

/** A way from the server to the client: the text of the answer as it comes, until it ends. */
export interface Way {
  readonly name: string;
  ask(asked: Asked, onText: (text: string) => void): Promise<void>;
}

export interface LlmWays {
  readonly direct: Way;
  readonly relay: Way;
  readonly chat: Way;
  /** A call over the link that the daemon answers by itself: the least that a question through it can take. */
  call(): Promise<unknown>;
  /** What the server has said in answer to a question. */
  said(id: string): Promise<string>;
  /** Milliseconds that the daemon has computed since it was started. */
  daemonMs(): number;
  close(): Promise<void>;
}

interface Chunk {
  readonly choices: readonly { readonly delta: { readonly content?: string } }[];
}

/** Reads the server's events, as a client does that speaks its format. */
function chunkReader(onText: (text: string) => void): (bytes: Buffer) => void {
  let rest = "";
  return (bytes) => {
    rest += bytes.toString("latin1");
    for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
      const data = rest.slice(rest.indexOf("data: ") + 6, end);
      rest = rest.slice(end + 2);
      if (!data.startsWith('{"id"')) continue; // The end, and what a relay adds.
      for (const { delta } of (JSON.parse(data) as Chunk).choices) if (delta.content) onText(delta.content);
    }
  };
}

const messages = (asked: Asked) => [{ role: "user", content: JSON.stringify(asked) }];
const completion = (asked: Asked) =>
  JSON.stringify({ model: MODEL, messages: messages(asked), stream: true, stream_options: { include_usage: true } });

/** A connection of its own for each answer, as the daemon does it. */
function direct(port: number): Way {
  return {
    name: "direct",
    ask: (asked, onText) =>
      new Promise((resolve, reject) => {
        const headers = { "content-type": "application/json" };
        const outgoing = request({
          host: "127.0.0.1",
          port,
          path: "/v1/chat/completions",
          method: "POST",
          headers,
          agent: false,
        });
        outgoing.once("error", reject);
        outgoing.once("response", (response) =>
          response.on("data", chunkReader(onText)).once("end", resolve).once("error", reject),
        );
        outgoing.end(completion(asked));
      }),
  };
}

type Link = ReturnType<typeof createLinkClient>;

async function ended(stream: ReturnType<Link["open"]>): Promise<void> {
  const { problem } = await stream.over;
  if (problem !== undefined) throw new Error(`${problem.code}: ${problem.detail}`);
}

/** The server's own events over the link: what the link costs without the reading of them. */
function relayed(link: Link): Way {
  const headers = [{ name: "content-type", value: "application/json" }];
  return {
    name: "relayed over the link, not read",
    ask: (asked, onText) =>
      ended(
        link.open(
          "relay/sse",
          { upstream: "bench", rest: "v1/chat/completions", method: "POST", headers },
          { body: completion(asked), onMessage: chunkReader(onText) },
        ),
      ),
  };
}

function chatted(link: Link): Way {
  return {
    name: "llm/chat over the link",
    ask(asked, onText) {
      const input = { model: `bench/${MODEL}`, messages: [{ role: "user", text: JSON.stringify(asked) }] };
      const onMessage = (message: Buffer) => {
        const { type, text } = JSON.parse(message.toString()) as { type: string; text?: string };
        if (type === "text" && text !== undefined) onText(text);
      };
      return ended(link.open("llm/chat", input, { onMessage }));
    },
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.once("data", (chunk: Buffer) => resolve(String(chunk).split("\n")[0] ?? ""));
    child.once("close", (code) => reject(new Error(`bench llm: a server ended with ${code}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  const over = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.kill("SIGTERM");
  await over;
}

/** The paced server, a process of its own. */
export async function startLlmServer(): Promise<{
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "llm-server.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = Number(await firstLine(child));
  return { url: `http://127.0.0.1:${port}`, port, close: () => stop(child) };
}

/** The same server by every way: it, the daemon and the client are a process each. */
export async function openLlmWays(): Promise<LlmWays> {
  const folder = mkdtempSync(join(tmpdir(), "puente-bench-"));
  const env = { ...process.env, PUENTE_HOME: join(folder, "home") };
  const server = await startLlmServer();
  const token = execFileSync(process.execPath, [MAIN, "token", "create", "--name", "bench", "--scope", "all"], { env })
    .toString()
    .trim();
  const daemon = spawn(
    process.execPath,
    [MAIN, "serve", "--json", "--port", "0", "--root", `bench=${folder}`, "--upstream", `bench=openai+${server.url}`],
    { env, stdio: ["ignore", "pipe", "inherit"] },
  );
  const listening = JSON.parse(await firstLine(daemon)) as { url: string };
  const link = createLinkClient({ port: Number(new URL(listening.url).port), token });
  await link.connect();
  return {
    direct: direct(server.port),
    relay: relayed(link),
    chat: chatted(link),
    call: () => link.call("session/who", {}),
    said: async (id) => (await fetch(`${server.url}/said/${id}`)).text(),
    daemonMs() {
      // Behind the name, which may have anything in it: utime and stime are the 14th and 15th fields of all.
      const fields = readFileSync(`/proc/${daemon.pid}/stat`, "latin1").split(") ").at(-1)?.split(" ") ?? [];
      return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    },
    async close() {
      link.close();
      await stop(daemon);
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
