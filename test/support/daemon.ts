import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Config, HISTORY, type Root } from "../../daemon/config.js";
import type { LocalServer } from "../../daemon/llm/local-servers.js";
import { createLog } from "../../daemon/log.js";
import { createToken } from "../../daemon/session/tokens.js";
import { start } from "../../daemon/start.js";
import { openStateFolder, type StateFolder } from "../../daemon/state.js";
import { LIMITS } from "../../shared/protocol.js";
import { searchWorker } from "./search-worker.js";

export interface TestDaemon {
  readonly url: string;
  readonly port: number;
  readonly state: StateFolder;
  /** A token of the scope `all`. */
  readonly token: string;
  readonly logged: string[];
  readonly announced: { client: string; code: string }[];
  createToken(name: string, scopes: readonly string[]): string;
  /** POSTs JSON with a token. */
  call(name: string, input: unknown, token?: string): Promise<Response>;
  /** Ends it and starts another on its port: the same tokens, and nothing else of before. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** A real daemon in this process, on a port of its own, with a state folder of its own. */
export async function startDaemon(
  roots: readonly Root[],
  port = 0,
  relays: Partial<
    Pick<Config, "ignore" | "upstreams" | "streamCap" | "followLinks" | "clientStallMs" | "history" | "path">
  > = {},
  ripgrep?: string,
  localServers: readonly LocalServer[] = [],
): Promise<TestDaemon> {
  const home = mkdtempSync(join(tmpdir(), "puente-home-"));
  const state = openStateFolder(home, process.platform);
  const token = createToken(state, "test", ["all"]);
  const logged: string[] = [];
  const announced: { client: string; code: string }[] = [];
  const begin = (at: number) =>
    start(
      {
        port: at,
        roots,
        upstreams: [],
        discovery: false,
        ignore: [],
        streamCap: LIMITS.streams,
        followLinks: false,
        history: HISTORY,
        clientStallMs: LIMITS.clientStallSeconds * 1000,
        ...relays,
      },
      {
        state,
        log: createLog((line) => logged.push(line)),
        pid: process.pid,
        isAlive: () => false,
        searchTools: { worker: searchWorker, ...(ripgrep !== undefined && { ripgrep }) },
        localServers,
        announcePairing: (pairing) => announced.push(pairing),
      },
    );
  let daemon = await begin(port);
  const own = Number(new URL(daemon.url).port);
  return {
    url: daemon.url,
    port: own,
    state,
    token,
    logged,
    announced,
    createToken: (name, scopes) => createToken(state, name, scopes),
    call: (name, input, given = token) =>
      fetch(`${daemon.url}/v1/${name}`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${given}` },
        body: JSON.stringify(input),
      }),
    async restart() {
      await daemon.close();
      daemon = await begin(own);
    },
    async close() {
      await daemon.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
