import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { puente, serve } from "../../support/cli.js";
import { startOrigin } from "../../support/origin.js";
import { startRawOrigin } from "../../support/raw-origin.js";
import { event, get, openSocket, until } from "../../support/relaying.js";
import { tempRoot } from "../../support/temp-root.js";

const SECRET = "canary-4c1f9e52-of-an-upstream";

/** Every file below a folder, as text. */
function filesIn(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n");
}

test("check 24: neither a token nor an upstream's credential is told, logged or written, whatever goes wrong", async () => {
  const origin = await startOrigin(({ url, response }) => {
    if (url === "/dies") response.destroy();
    else if (url === "/moves") response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
    else if (url === "/packs") response.writeHead(200, { "content-encoding": "gzip" }).end("x");
    else response.writeHead(Number(url.slice(1)) || 200).end("said");
  });
  const garbage = await startRawOrigin((socket) => void socket.end("\0garbage"));
  const { folder, base } = tempRoot();
  const home = join(base, "home");
  writeFileSync(join(base, "key"), `${SECRET}\n`, { mode: 0o600 });
  const header = { name: "X-Key", from: { file: "key" } };
  const config = join(base, "config.json");
  const urls = {
    up: origin.url,
    garbage: garbage.url,
    closed: "http://127.0.0.1:1",
    unknown: "https://no-such-name.invalid",
  };
  const upstreams = Object.entries(urls).map(([name, url]) => ({ name, url, header }));
  writeFileSync(config, JSON.stringify({ upstreams, roots: [{ name: "place", folder }] }));
  const created = await puente(["token", "create", "--name", "test", "--scope", "relay:*,files:read"], { home });
  const token = created.stdout.trim();
  const daemon = { ...(await serve(["--port", "0", "--config", config], { home })), token };
  onTestFinished(() => void daemon.end("SIGKILL"));
  const commandLine = readFileSync(`/proc/${daemon.pid}/cmdline`, "latin1");

  const told: string[] = [];
  for (const rest of [
    "up/200",
    "up/401",
    "up/500",
    "up/dies",
    "up/moves",
    "up/packs",
    "up/..",
    "garbage/x",
    "closed/x",
    "unknown/x",
    "nowhere/x",
  ]) {
    for (const kind of ["raw", "sse"]) {
      const asked = { headers: { "x-key": "mine", cookie: token } };
      const answer = await get(daemon, `${kind}/${rest}`, asked).catch((error: Error) => ({
        headers: {},
        body: error.message,
      }));
      told.push(JSON.stringify(answer.headers), answer.body.toString());
    }
    const client = openSocket(daemon, rest);
    client.on("unexpected-response", (_outgoing, incoming) => {
      told.push(JSON.stringify(incoming.headers));
      incoming.on("data", (chunk: Buffer) => told.push(chunk.toString()));
      incoming.on("end", () => client.terminate());
    });
    client.once("open", () => client.close());
    await event(client, "close");
  }
  const who = await fetch(`${daemon.url}/v1/session/who`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: "{}",
  });
  told.push(await who.text());
  await until("the upstream was asked", () => origin.visits.length > 10);

  expect(origin.visits.every(({ request }) => request.headers["x-key"] === SECRET)).toBe(true);
  expect(origin.visits.flatMap(({ rawHeaders }) => rawHeaders).join("\n")).not.toContain(token);
  expect(garbage.received()).toContain(SECRET);
  expect(await daemon.end("SIGTERM")).toBe(0);
  const secret = token.split(".")[1] ?? "";
  expect(secret.length).toBeGreaterThan(40);
  const places = {
    told: told.join("\n"),
    stderr: daemon.stderr(),
    stdout: JSON.stringify(daemon.events),
    commandLine,
    home: filesIn(home),
  };
  expect(places.told).toContain("upstream-unreachable");
  for (const [place, text] of Object.entries(places)) {
    expect(text.includes(SECRET), `the credential in ${place}`).toBe(false);
    expect(text.includes(secret), `the token in ${place}`).toBe(false);
  }
  await origin.close();
  await garbage.close();
});
