import { execFile, spawn } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MAIN, puente, serve } from "../../support/cli.js";
import { within } from "../../support/deadline.js";
import { raw } from "../../support/raw.js";

let top: string;
let home: string;
let folder: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "puente-cli-"));
  home = join(top, "home");
  folder = join(top, "place");
  mkdirSync(join(folder, "inner"), { recursive: true });
  writeFileSync(join(folder, "file.luau"), "return 1\n");
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

const config = (text: string) => {
  writeFileSync(join(top, "puente.json"), text);
  return join(top, "puente.json");
};

describe("what cannot be served is said in one line, exit 1, and nothing is half-started", () => {
  const rows: readonly (readonly [what: string, args: () => string[], says: RegExp])[] = [
    ["an unknown command", () => ["sevre"], /no command "sevre"/],
    ["an unknown flag", () => ["serve", folder, "--bind", "0.0.0.0"], /--bind/],
    ["a flag without its value", () => ["serve", folder, "--port"], /--port/],
    ["a missing folder", () => ["serve", join(top, "nowhere")], /nowhere cannot be served: it is not there/],
    ["a folder that is a file", () => ["serve", join(folder, "file.luau")], /file\.luau is not a folder/],
    ["a root inside another", () => ["serve", folder, join(folder, "inner")], /root inner lies inside the root place/],
    [
      "a root inside another, the inner first",
      () => ["serve", join(folder, "inner"), folder],
      /root inner lies inside the root place/,
    ],
    [
      "the same folder under two names",
      () => ["serve", "--root", `a=${folder}`, "--root", `b=${folder}`],
      /lies inside/,
    ],
    [
      "two roots of one name",
      () => ["serve", "--root", `a=${folder}`, "--root", `a=${home}`],
      /(two roots are named a|cannot be served)/,
    ],
    ["a root without a path", () => ["serve", "--root", "a"], /NAME=PATH/],
    ["a root whose name has a slash", () => ["serve", "--root", `a/b=${folder}`], /cannot be named "a\/b"/],
    ["a port that is none", () => ["serve", folder, "--port", "http"], /a port is a number from 1024 to 65535/],
    ["a port too high", () => ["serve", folder, "--port", "70000"], /port 70000: Studio reaches ports from 1024/],
    [
      "a port that Studio does not reach",
      () => ["serve", folder, "--port", "1023"],
      /port 1023: Studio reaches ports from 1024/,
    ],
    ["the other port that Studio does not reach", () => ["serve", folder, "--port", "1194"], /except 1194/],
    [
      "a config with a port that Studio does not reach",
      () => ["serve", "--config", config('{"port":80}')],
      /port 80: Studio/,
    ],
    ["a config that is not there", () => ["serve", "--config", join(top, "no.json")], /no\.json: it is not there/],
    ["a config that is not JSON", () => ["serve", "--config", config("{ port: 1 }")], /puente\.json: .*JSON/],
    ["a config that is a list", () => ["serve", "--config", config("[1]")], /config: must be an object/],
    [
      "a config with an unknown setting",
      () => ["serve", "--config", config('{"host":"0.0.0.0"}')],
      /unknown field host/,
    ],
    [
      "a config with a wrong type",
      () => ["serve", "--config", config('{"port":"80"}')],
      /port: must be a whole number/,
    ],
    [
      "a config with a root of wrong access",
      () => ["serve", "--config", config('{"roots":[{"name":"a","folder":".","access":"all"}]}')],
      /access: must be one of read, write/,
    ],
    ["pair without a daemon", () => ["pair"], /no daemon runs/],
    ["pair with an unknown verb", () => ["pair", "allow", "1"], /pair approve CODE/],
    ["token without a verb", () => ["token"], /token create.*token list.*token revoke/],
    ["token create without a scope", () => ["token", "create", "--name", "x"], /--scope/],
    [
      "token create with an unknown scope",
      () => ["token", "create", "--name", "x", "--scope", "root"],
      /no scope "root"/,
    ],
    [
      "token create with a path for a name",
      () => ["token", "create", "--name", "../x", "--scope", "all"],
      /token's name/,
    ],
    ["token revoke of an unknown name", () => ["token", "revoke", "x"], /no token named "x"/],
    ["a word too many", () => ["plugin", "install", folder], /what is ".*place" for/],
    [
      "plugin install with a port that is none",
      () => ["plugin", "install", "--to", folder, "--port", "99999"],
      /port 99999/,
    ],
    [
      "plugin install below a folder that is not there",
      () => ["plugin", "install", "--to", join(top, "no", "folder")],
      /folder .*no is not there/,
    ],
    ["plugin without a verb", () => ["plugin"], /plugin build.*plugin install.*plugin uninstall/],
    ["plugin uninstall where there is none", () => ["plugin", "uninstall", "--to", folder], /no plugin of ours/],
    ["plugin install where there is no Studio", () => ["plugin", "install"], /--to FOLDER/],
  ];
  test("35 rows", () => expect(rows).toHaveLength(35));
  test.each(rows)("%s", async (_what, args, says) => {
    const outcome = await puente(args(), { home });
    expect(outcome.stderr).toMatch(says);
    expect(outcome.stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(outcome).toMatchObject({ code: 1, stdout: "" });
    expect(readdirSync(top).includes("home") ? readdirSync(home).filter((name) => name === "run") : []).toEqual([]);
  });

  test("a busy port, with the name of its holder", async () => {
    const holder = createServer();
    const port = await new Promise<number>((resolve) =>
      holder.listen(0, "127.0.0.1", () => resolve((holder.address() as { port: number }).port)),
    );
    try {
      const outcome = await puente(["serve", folder, "--port", `${port}`], { home });
      expect(outcome.stderr).toMatch(
        new RegExp(`^puente: port ${port} is taken by node\\b.* \\(process ${process.pid}\\)`),
      );
      expect(outcome.code).toBe(1);
    } finally {
      await new Promise((resolve) => holder.close(resolve));
    }
  });

  test("a Node that is too old: which one is needed", async () => {
    const old = 'Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.20.2"}})';
    const run = promisify(execFile)(process.execPath, ["--import", `data:text/javascript,${old}`, MAIN, "serve"]);
    await expect(run).rejects.toMatchObject({
      code: 1,
      stdout: "",
      stderr: "puente needs Node 22.22 or newer; this is Node 20.20.2.\n",
    });
  });
});

describe("check 8: a state folder that others may read is refused, in all 3 places", () => {
  test.each([
    ["the folder", ".", 0o755],
    ["the tokens", "tokens", 0o750],
    ["one token", "tokens/a.json", 0o644],
  ])("%s", async (_what, path, mode) => {
    await puente(["token", "create", "--name", "a", "--scope", "all"], { home });
    chmodSync(join(home, path), mode);
    const outcome = await puente(["serve", folder, "--port", "0"], { home });
    expect(outcome).toMatchObject({ code: 1, stdout: "" });
    expect(outcome.stderr).toMatch(/others may read/);
  });
});

describe("serve", () => {
  test("listens on loopback alone (check 7), and ends at SIGTERM with exit 0, leaving nothing behind", async () => {
    const daemon = await serve([folder, "--port", "0"], { home });
    const hex = daemon.port.toString(16).toUpperCase().padStart(4, "0");
    const listening = ["/proc/net/tcp", "/proc/net/tcp6"]
      .flatMap((table) => readFileSync(table, "utf8").split("\n"))
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local, , state]) => local?.endsWith(`:${hex}`) && state === "0A")
      .map(([, local]) => local);
    expect(listening.length).toBeGreaterThan(0);
    expect([`0100007F:${hex}`, `00000000000000000000000001000000:${hex}`]).toEqual(expect.arrayContaining(listening));
    const other = connect(daemon.port, "127.0.0.2");
    const refused = await within(
      5,
      "127.0.0.2",
      new Promise((resolve) => other.on("error", resolve).on("connect", resolve)),
    );
    other.destroy();
    expect(refused).toMatchObject({ code: "ECONNREFUSED" });
    expect(readdirSync(join(home, "run"))).toEqual([`${daemon.pid}.json`]);
    expect(await daemon.end("SIGTERM")).toBe(0);
    expect(daemon.events.map(({ event }) => event)).toEqual(["listening", "stopped"]);
    expect(readdirSync(join(home, "run"))).toEqual([]);
    expect(daemon.stderr()).toBe("");
  });

  test("ends at SIGINT while a long poll waits, with exit 0", async () => {
    const daemon = await serve([folder, "--port", "0"], { home });
    const { stdout } = await puente(["token", "create", "--name", "t", "--scope", "all"], { home });
    const headers = { "content-type": "application/json", authorization: `Bearer ${stdout.trim()}` };
    const poll = async (since?: string) => {
      const body = JSON.stringify({ root: "place", ...(since !== undefined && { since }) });
      return await fetch(`${daemon.url}/v1/watch/changes`, { method: "POST", headers, body });
    };
    const { cursor } = (await (await poll()).json()) as { cursor: string };
    expect(cursor).toMatch(/./);
    const socket = connect(daemon.port, "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk.toString();
    });
    const closed = new Promise((resolve) => socket.on("close", resolve));
    const body = JSON.stringify({ root: "place", since: cursor });
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const request = `POST /v1/watch/changes HTTP/1.1\r\nhost: 127.0.0.1:${daemon.port}\r\n${lines.join("")}content-length: ${body.length}\r\n\r\n${body}`;
    await new Promise((resolve) => socket.write(request, resolve));
    await poll(); // Answered after the one that waits was taken.
    expect(await daemon.end("SIGINT")).toBe(0);
    await within(5, "the connection ends", closed);
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toMatch(/^connection: close\r$/im);
    expect(answer).toContain('"code":"shutting-down"');
  });

  test("ends at SIGTERM in the middle of a write: the write is finished whole first, and new calls are refused", async () => {
    const daemon = await serve([folder, "--port", "0"], { home });
    const token = (await puente(["token", "create", "--name", "t", "--scope", "all"], { home })).stdout.trim();
    const socket = connect(daemon.port, "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk.toString();
    });
    const closed = new Promise((resolve) => socket.on("close", resolve));
    const head = (line: string, length: number) =>
      `${line} HTTP/1.1\r\nHost: 127.0.0.1:${daemon.port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/octet-stream\r\nContent-Length: ${length}\r\n\r\n`;
    socket.write(`${head("POST /v1/files/write?root=place&path=half.txt&expect=absent", 8)}half`);
    await expect.poll(() => readdirSync(folder).some((name) => name.endsWith(".tmp"))).toBe(true);
    const over = daemon.end("SIGTERM");
    await expect.poll(async () => (await raw(daemon.port, head("GET /v1/session/hello", 0))).status).toBe(503);
    socket.write("done");
    expect(await over).toBe(0);
    await within(5, "the connection ends", closed);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(readFileSync(join(folder, "half.txt"), "utf8")).toBe("halfdone");
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("without --json it tells a person the address, the roots and what to do", async () => {
    const args = ["serve", "--port", "0", "--root", `art=${folder}:read`];
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: { PUENTE_HOME: home },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    const over = new Promise((resolve) => child.on("close", resolve));
    await expect.poll(() => text).toMatch(/Ctrl-C ends the daemon/);
    child.kill("SIGINT");
    expect(await within(10, "the daemon ends", over)).toBe(0);
    expect(text).toMatch(/^Puente is listening on http:\/\/127\.0\.0\.1:\d+$/m);
    expect(text).toContain(`  art  ${folder}  (read only)`);
    expect(text).toMatch(/npm run --silent puente -- plugin install --port \d+/);
    expect(text).toMatch(/Stopped\.\n$/);
  });

  test("goes on when nobody reads what it says any more, and ends at SIGTERM with exit 0", async () => {
    const child = spawn(process.execPath, [MAIN, "serve", folder, "--port", "0", "--json"], {
      env: { PUENTE_HOME: home },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const over = new Promise((resolve) => child.on("close", resolve));
    const first = await within(
      10,
      "the first line",
      new Promise<string>((resolve) => child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString()))),
    );
    const { url } = JSON.parse(first) as { url: string };
    child.stdout.destroy();
    child.stderr.destroy();
    const ask = (client: string) =>
      fetch(`${url}/v1/session/pair`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ client, scopes: ["files:read"] }),
      });
    // Each one is told on stdout.
    for (const client of ["one", "two", "three"]) expect((await ask(client)).status).toBe(200);
    expect((await puente(["pair"], { home })).stdout.trim().split("\n")).toHaveLength(3);
    child.kill("SIGTERM");
    expect(await within(10, "the daemon ends", over)).toBe(0);
  });

  test("takes ~/ for the user's own folder, which shells leave in NAME=~/…", async () => {
    const daemon = await serve(["--root", "game=~/place", "--port", "0"], { home, env: { HOME: top } });
    expect(daemon.events[0]).toMatchObject({ roots: [{ name: "game", access: "write" }] });
    await daemon.end("SIGTERM");
  });

  test("takes its roots and port from a config file, whose paths start at the file", async () => {
    const file = config('{"port":0,"roots":[{"name":"game","folder":"place","access":"read"}]}');
    const daemon = await serve(["--config", file], { home, cwd: tmpdir() });
    expect(daemon.events[0]).toMatchObject({ roots: [{ name: "game", access: "read" }] });
    await daemon.end("SIGTERM");
  });
});

describe("links", () => {
  const rows: readonly (readonly [what: string, args: () => string[], status: number])[] = [
    ["refused unless something says otherwise", () => [folder], 403],
    ["followed inside of the root with --follow-links", () => [folder, "--follow-links"], 200],
    [
      "followed inside of the root where the config file says so",
      () => ["--config", config('{"roots":[{"name":"place","folder":"place"}],"followLinks":true}')],
      200,
    ],
  ];

  test("3 rows", () => expect(rows).toHaveLength(3));

  test.each(rows)("are %s", async (_what, args, status) => {
    symlinkSync("file.luau", join(folder, "inside"));
    symlinkSync("../home", join(folder, "outside"));
    const daemon = await serve([...args(), "--port", "0"], { home });
    const { stdout } = await puente(["token", "create", "--name", "t", "--scope", "all"], { home });
    const headers = { "content-type": "application/json", authorization: `Bearer ${stdout.trim()}` };
    const stat = async (path: string) => {
      const body = JSON.stringify({ root: "place", path });
      return (await fetch(`${daemon.url}/v1/files/stat`, { method: "POST", headers, body })).status;
    };
    expect(await stat("inside")).toBe(status);
    expect(await stat("outside")).toBe(403);
    await daemon.end("SIGTERM");
  });
});

describe("token, pair, status", () => {
  test("a tokens folder that holds something odd does not end the daemon", async () => {
    await puente(["token", "create", "--name", "t", "--scope", "all"], { home });
    const daemon = await serve([folder, "--port", "0"], { home });
    mkdirSync(join(home, "tokens", "odd.json"), { mode: 0o700 });
    const made = await puente(["token", "create", "--name", "after", "--scope", "all"], { home });
    const who = await fetch(`${daemon.url}/v1/session/who`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${made.stdout.trim()}` },
      body: "{}",
    });
    expect(who.status).toBe(200);
    expect(await daemon.end("SIGTERM")).toBe(0);
  });

  test("a note of a number that another process has by now keeps nobody from the daemon that runs", async () => {
    const daemon = await serve([folder, "--port", "0"], { home });
    const stale = { url: "http://127.0.0.1:9", pid: process.pid, token: `${"0".repeat(16)}.${"a".repeat(43)}` };
    writeFileSync(join(home, "run", `${process.pid}.json`), JSON.stringify(stale), { mode: 0o600 });
    expect(await puente(["pair"], { home })).toMatchObject({ code: 0, stdout: "Nothing waits to be paired.\n" });
    await daemon.end("SIGTERM");
  });

  test("a token made or revoked while the daemon runs counts within a second", async () => {
    const daemon = await serve([folder, "--port", "0"], { home });
    const made = await puente(["token", "create", "--name", "tool", "--scope", "files:read"], { home });
    expect(made.stdout).toMatch(/^[0-9a-f]{16}\.[A-Za-z0-9_-]{43}\n$/);
    const who = () =>
      fetch(`${daemon.url}/v1/session/who`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${made.stdout.trim()}` },
        body: "{}",
      });
    expect(await (await who()).json()).toMatchObject({ name: "tool", scopes: ["files:read"] });
    expect((await puente(["token", "create", "--name", "tool", "--scope", "all"], { home })).code).toBe(1);
    expect((await puente(["token", "list"], { home })).stdout).toMatch(/^tool\tfiles:read\t\d{4}-/);
    expect((await puente(["token", "revoke", "tool"], { home })).code).toBe(0);
    expect((await who()).status).toBe(401);
    await daemon.end("SIGTERM");
  });

  test("revoking a token ends its open calls within a second, with 401", async () => {
    const daemon = await serve([folder, "--port", "0"], { home });
    const token = (await puente(["token", "create", "--name", "t", "--scope", "files:read"], { home })).stdout.trim();
    const poll = (input: object) =>
      fetch(`${daemon.url}/v1/watch/changes`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
        body: JSON.stringify(input),
      });
    const { cursor } = (await (await poll({ root: "place" })).json()) as { cursor: string };
    const waiting = poll({ root: "place", since: cursor });
    expect((await puente(["token", "revoke", "t"], { home })).code).toBe(0);
    const ended = await within(1, "the open call ends", waiting);
    expect(ended.status).toBe(401);
    expect(await ended.json()).toMatchObject({ code: "unauthorized" });
    await daemon.end("SIGTERM");
  });

  test("the whole of pairing from the terminal", async () => {
    const daemon = await serve([folder, "--port", "0"], { home });
    const ask = (name: string, input: unknown) =>
      fetch(`${daemon.url}/v1/${name}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(input),
      });
    expect((await puente(["pair"], { home })).stdout).toBe("Nothing waits to be paired.\n");
    const asked = await ask("session/pair", { client: "Studio \u001b[31m\u202e", scopes: ["files:read"] });
    const { pairing, code } = (await asked.json()) as { pairing: string; code: string };
    const listed = await puente(["pair"], { home });
    expect(listed.stdout).toContain(`${code}  Studio ?[31m?  files:read`);
    expect((await puente(["status"], { home })).stdout).toMatch(/process \d+ {2}1 waiting to be paired\n$/);
    expect((await puente(["pair", "approve", code.replace("-", "")], { home })).stdout).toMatch(/^Paired: Studio/);
    expect(await (await ask("session/pairing", { pairing })).json()).toMatchObject({ state: "approved" });
    await daemon.end("SIGTERM");
    expect(await puente(["status"], { home })).toMatchObject({ code: 1, stdout: "No daemon runs.\n" });
  });

  test("a daemon that was killed is not taken for one that runs", async () => {
    const daemon = await serve([folder, "--port", "0"], { home });
    await daemon.end("SIGKILL");
    expect(await puente(["status"], { home })).toMatchObject({ code: 1, stdout: "No daemon runs.\n" });
  });
});
