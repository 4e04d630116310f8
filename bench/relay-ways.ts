import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "./sources.ts";

const { createLinkClient } = await import("../test/support/link-client.ts");

const TOP = join(import.meta.dirname, "..");
const MAIN = join(TOP, "dist", "main.js");
const SIX = "6";
/** A token may hold 8 links. */
const TOKENS = 9;

/** A way from the origin to the client: each of its streams' bytes as they come, until the stream ends. */
export interface Way {
  readonly name: string;
  /** @param path at the origin, with its query. Resolves when the stream has ended. */
  stream(path: string, onBytes: (bytes: Buffer) => void): Promise<void>;
}

export interface Ways {
  readonly direct: Way;
  readonly nginx: Way;
  readonly raw: Way;
  readonly sse: Way;
  readonly link: Way;
  readonly daemonPid: number;
  readonly port: number;
  readonly tokens: readonly string[];
  close(): Promise<void>;
}

function overHttp(name: string, port: number, prefix: string, token?: string): Way {
  return {
    name,
    stream: (path, onBytes) =>
      new Promise((resolve, reject) => {
        const asked = request({
          host: "127.0.0.1",
          port,
          path: prefix + path,
          headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        });
        asked.once("error", reject);
        asked.once("response", (response: IncomingMessage) => {
          if (response.statusCode !== 200) reject(new Error(`${name}: status ${response.statusCode}`));
          response.on("data", onBytes).once("end", resolve).once("error", reject);
        });
        asked.end();
      }),
  };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once("close", () => resolve()));
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.once("data", (chunk: Buffer) => resolve(String(chunk).split("\n")[0] ?? ""));
    child.once("close", (code) => reject(new Error(`bench relay: a server ended with ${code}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** nginx as it is set up for streams: nothing buffered, HTTP/1.1 to the origin, one worker. */
async function startNginx(folder: string, origin: number): Promise<{ child: ChildProcess; port: number }> {
  const port = await freePort();
  const config = join(folder, "nginx.conf");
  writeFileSync(
    config,
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
  upstream origin { server 127.0.0.1:${origin}; keepalive 16; }
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; proxy_read_timeout 600s; }
  }
}
`,
  );
  const child = spawn("nginx", ["-p", folder, "-c", config], { stdio: "ignore" });
  child.once("error", () => undefined);
  for (let tries = 0; tries < 200; tries++) {
    const up = await fetch(`http://127.0.0.1:${port}/bytes?bytes=1`).then(
      () => true,
      () => false,
    );
    if (up) return { child, port };
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("bench relay: nginx does not start (Debian: apt-get install nginx)");
}

/** The same origin by every way, each proxy a process of its own. */
export async function openWays(): Promise<Ways> {
  const folder = mkdtempSync(join(tmpdir(), "puente-bench-"));
  const env = { ...process.env, PUENTE_HOME: join(folder, "home") };
  const origin = spawn(process.execPath, [join(import.meta.dirname, "relay-origin.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const originPort = Number(await firstLine(origin));
  const nginx = await startNginx(folder, originPort);
  const tokens = Array.from({ length: TOKENS }, (_, i) => {
    const args = ["token", "create", "--name", `bench-${i}`, "--scope", "all"];
    return execFileSync(process.execPath, [MAIN, ...args], { env })
      .toString()
      .trim();
  });
  const [token = ""] = tokens;
  const upstream = `origin=http://127.0.0.1:${originPort}`;
  const daemon = spawn(
    process.execPath,
    [MAIN, "serve", "--json", "--port", "0", "--root", `bench=${folder}`, "--upstream", upstream, "--stream-cap", SIX],
    { env, stdio: ["ignore", "pipe", "inherit"] },
  );
  const { url } = JSON.parse(await firstLine(daemon)) as { url: string };
  const port = Number(new URL(url).port);
  const link = createLinkClient({ port, token });
  await link.connect();
  return {
    direct: overHttp("direct", originPort, ""),
    nginx: overHttp("nginx", nginx.port, ""),
    raw: overHttp("Puente raw", port, "/v1/relay/raw/origin", token),
    sse: overHttp("Puente SSE", port, "/v1/relay/sse/origin", token),
    link: {
      name: "Puente over the link",
      async stream(path, onBytes) {
        const stream = link.open("relay/sse", { upstream: "origin", rest: path.slice(1) }, { onMessage: onBytes });
        const { problem } = await stream.over;
        if (problem !== undefined) throw new Error(`link: ${problem.code}: ${problem.detail}`);
      },
    },
    daemonPid: daemon.pid ?? 0,
    port,
    tokens,
    async close() {
      link.close();
      for (const child of [daemon, nginx.child, origin]) {
        const over = ended(child);
        child.kill("SIGTERM");
        await over;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
