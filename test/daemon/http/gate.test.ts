import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CONTRACT } from "../../../shared/contract/index.js";
import type { Operation } from "../../../shared/operation.js";
import { startDaemon, type TestDaemon } from "../../support/daemon.js";
import { type RawAnswer, raw, requestText } from "../../support/raw.js";

type Header = readonly [string, string];

let daemon: TestDaemon;
let elsewhere: number;
beforeAll(async () => {
  daemon = await startDaemon([]);
  elsewhere = daemon.port === 65_535 ? daemon.port - 1 : daemon.port + 1;
});
afterAll(() => daemon.close());

const ours = (): Header => ["host", `127.0.0.1:${daemon.port}`];
const bearer = (): Header => ["authorization", `Bearer ${daemon.token}`];
const json: Header = ["content-type", "application/json"];
const send = (line: string, headers: readonly Header[], body = "") =>
  raw(daemon.port, requestText(line, headers, body));
const who = (...headers: readonly Header[]) => send("POST /v1/session/who", [ours(), bearer(), json, ...headers], "{}");

function expectRefusal(answer: RawAnswer, status: number): void {
  expect(answer.status, answer.text).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  expect(answer.headers.get("connection")).toBe("close");
  expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
}

describe("check 1: the Host is one of three names, with the port", () => {
  const hosts: readonly (readonly [host: string, status: number])[] = [
    ["127.0.0.1:P", 200],
    ["localhost:P", 200],
    ["LocalHost:P", 200],
    ["[::1]:P", 200],
    ["evil.com:P", 403],
    ["127.0.0.1", 403],
    ["localhost", 403],
    ["127.0.0.1:Q", 403],
    ["localhost.:P", 403],
    ["127.1:P", 403],
    ["2130706433:P", 403],
    ["0x7f000001:P", 403],
    ["0177.0.0.1:P", 403],
    ["0.0.0.0:P", 403],
    ["[::]:P", 403],
    ["[::ffff:127.0.0.1]:P", 403],
    ["[0:0:0:0:0:0:0:1]:P", 403],
    ["localhost.evil.com:P", 403],
    ["localhost.evil.com", 403],
    ["127.0.0.1.nip.io:P", 403],
    ["evil.com#127.0.0.1:P", 403],
    ["a@127.0.0.1:P", 403],
    ["127.0.0.1:P/x", 403],
    ["127.0.0.1:P, evil.com", 403],
    ["", 400],
  ];
  test("25 rows", () => expect(hosts).toHaveLength(25));
  test.each(hosts)("%s → %i", async (host, status) => {
    const named = host.replace("P", `${daemon.port}`).replace("Q", `${elsewhere}`);
    const answer = await send("POST /v1/session/who", [["host", named], bearer(), json], "{}");
    if (status === 200) expect(answer.status).toBe(200);
    else expectRefusal(answer, status);
  });
});

describe("check 2: one target, one Host", () => {
  const P = () => daemon.port;
  const rows: readonly (readonly [what: string, text: () => string])[] = [
    [
      "two Hosts, the good one first",
      () => `GET /v1/session/hello HTTP/1.1\r\nHost: 127.0.0.1:${P()}\r\nHost: evil.com\r\n\r\n`,
    ],
    [
      "two Hosts, the bad one first",
      () => `GET /v1/session/hello HTTP/1.1\r\nHost: evil.com\r\nHost: 127.0.0.1:${P()}\r\n\r\n`,
    ],
    [
      "the same Host twice",
      () => `GET /v1/session/hello HTTP/1.1\r\nHost: 127.0.0.1:${P()}\r\nHost: 127.0.0.1:${P()}\r\n\r\n`,
    ],
    [
      "absolute form, good target and bad Host",
      () => `GET http://127.0.0.1:${P()}/v1/session/hello HTTP/1.1\r\nHost: evil.com\r\n\r\n`,
    ],
    [
      "absolute form, bad target and good Host",
      () => `GET http://evil.com/v1/session/hello HTTP/1.1\r\nHost: 127.0.0.1:${P()}\r\n\r\n`,
    ],
    ["a fragment", () => `GET /v1/session/hello#x HTTP/1.1\r\nHost: 127.0.0.1:${P()}\r\n\r\n`],
    ["a backslash", () => `GET /v1\\session/hello HTTP/1.1\r\nHost: 127.0.0.1:${P()}\r\n\r\n`],
    ["a control byte", () => `GET /v1/session/hello\x01 HTTP/1.1\r\nHost: 127.0.0.1:${P()}\r\n\r\n`],
    ["a byte above ASCII", () => `GET /v1/session/h\u00e9llo HTTP/1.1\r\nHost: 127.0.0.1:${P()}\r\n\r\n`],
    ["two slashes first", () => `GET //v1/session/hello HTTP/1.1\r\nHost: 127.0.0.1:${P()}\r\n\r\n`],
    ["an asterisk", () => `OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1:${P()}\r\n\r\n`],
    ["HTTP/1.0 without Host", () => "GET /v1/session/hello HTTP/1.0\r\n\r\n"],
    ["HTTP/1.1 without Host", () => "GET /v1/session/hello HTTP/1.1\r\n\r\n"],
  ];
  test("13 rows", () => expect(rows).toHaveLength(13));
  test.each(rows)("%s → 400", async (_what, text) => {
    expect((await raw(daemon.port, text())).status).toBe(400);
  });
});

describe("check 3: no sign of a browser", () => {
  const rows: readonly Header[] = [
    ["Origin", "http://evil.com"],
    ["Origin", "null"],
    ["Origin", "http://127.0.0.1:P"],
    ["Origin", "http://localhost:5173"],
    ["Origin", "file://"],
    ["Origin", ""],
    ["Referer", "http://127.0.0.1:P/"],
    ["Referer", "http://evil.com/"],
    ["Sec-Fetch-Site", "cross-site"],
    ["Sec-Fetch-Site", "same-site"],
    ["Sec-Fetch-Site", "same-origin"],
    ["Sec-Fetch-Site", "none"],
  ];
  test("12 rows", () => expect(rows).toHaveLength(12));
  test.each(rows)("%s: %s → 403", async (name, value) => {
    expectRefusal(await who([name, value.replace("P", `${daemon.port}`)]), 403);
  });
  test("none of them → 200", async () => expect((await who()).status).toBe(200));
  test("every refusal of a browser has the same body", async () => {
    const bodies = await Promise.all([
      who(["Origin", "null"]),
      who(["Referer", "http://evil.com/"]),
      send("GET /v1/session/hello", [["host", "evil.com"]]),
      send("GET /nowhere", [["host", "evil.com"]]),
    ]);
    expect(new Set(bodies.map(({ body }) => body)).size).toBe(1);
  });
});

describe("check 4: a preflight gets nothing", () => {
  const preflight: readonly Header[] = [
    ["Origin", "http://evil.com"],
    ["Access-Control-Request-Method", "POST"],
    ["Access-Control-Request-Headers", "authorization"],
    ["Access-Control-Request-Private-Network", "true"],
  ];
  const targets = [...Object.keys(CONTRACT).map((name) => `/v1/${name}`), "/", "/v1/link"];
  test.each(targets)("OPTIONS %s → 403 and no CORS header", async (target) => {
    expectRefusal(await send(`OPTIONS ${target}`, [ours(), bearer(), ...preflight]), 403);
  });
});

describe("check 5: upgrades pass the same gate", () => {
  const websocket: readonly Header[] = [
    ["connection", "Upgrade"],
    ["upgrade", "websocket"],
    ["sec-websocket-version", "13"],
    ["sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="],
  ];
  const without = (name: string) => websocket.filter(([header]) => header !== name);
  const rows: readonly (readonly [what: string, status: number, headers: () => readonly Header[], target?: string])[] =
    [
      ["no token", 401, () => [ours(), ...websocket]],
      [
        "a wrong token",
        401,
        () => [ours(), ["authorization", `Bearer ${"0".repeat(16)}.${"a".repeat(43)}`], ...websocket],
      ],
      ["another Host", 403, () => [["host", "evil.com"], bearer(), ...websocket]],
      ["any Origin", 403, () => [ours(), bearer(), ["origin", `http://127.0.0.1:${daemon.port}`], ...websocket]],
      ["Origin null", 403, () => [ours(), bearer(), ["origin", "null"], ...websocket]],
      ["two Hosts", 400, () => [ours(), ours(), bearer(), ...websocket]],
      ["version 8", 426, () => [ours(), bearer(), ...without("sec-websocket-version"), ["sec-websocket-version", "8"]]],
      ["no version", 426, () => [ours(), bearer(), ...without("sec-websocket-version")]],
      ["a bad key", 400, () => [ours(), bearer(), ...without("sec-websocket-key"), ["sec-websocket-key", "short"]]],
      ["no key", 400, () => [ours(), bearer(), ...without("sec-websocket-key")]],
      [
        "h2c",
        426,
        () => [
          ours(),
          bearer(),
          ["connection", "Upgrade, HTTP2-Settings"],
          ["upgrade", "h2c"],
          ["http2-settings", "AAMAAABk"],
        ],
      ],
      ["two protocols", 426, () => [ours(), bearer(), ...websocket, ["upgrade", "h2c"]]],
      ["an operation that is no WebSocket", 426, () => [ours(), bearer(), ...websocket], "/v1/watch/changes"],
      ["an operation without token that is no WebSocket", 426, () => [ours(), ...websocket], "/v1/session/hello"],
      ["an unknown target", 404, () => [ours(), bearer(), ...websocket], "/v1/nowhere"],
    ];
  test("15 rows", () => expect(rows).toHaveLength(15));
  for (const [what, status, headers, target = "/v1/nowhere"] of rows) {
    test(`${what} → ${status}, and the connection ends`, async () => {
      expectRefusal(await send(`GET ${target}`, headers()), status);
    });
  }

  test("an Upgrade header without `Connection: upgrade` → 426", async () => {
    expect((await send("GET /v1/session/hello", [ours(), ["upgrade", "h2c"]])).status).toBe(426);
  });

  test("an upgrade does not run the operation it is sent to", async () => {
    const headers = [ours(), ...without("upgrade"), ["upgrade", "websocket"], json] as const;
    expect((await send("GET /v1/session/pair", headers, '{"client":"x","scopes":["all"]}')).status).toBe(426);
    expect(daemon.announced).toEqual([]);
  });
});

describe("check 6: everything but four calls needs a token, in one header", () => {
  const rows: readonly (readonly [what: string, headers: () => readonly Header[], target?: string])[] = [
    ["absent", () => []],
    ["empty", () => [["authorization", ""]]],
    ["Bearer without token", () => [["authorization", "Bearer "]]],
    ["Basic", () => [["authorization", `Basic ${Buffer.from("a:b").toString("base64")}`]]],
    ["without Bearer", () => [["authorization", daemon.token]]],
    ["unknown", () => [["authorization", `Bearer ${"0".repeat(16)}.${"a".repeat(43)}`]]],
    [
      "the right id, another secret",
      () => [["authorization", `Bearer ${daemon.token.split(".")[0]}.${"a".repeat(43)}`]],
    ],
    ["a prefix of it", () => [["authorization", `Bearer ${daemon.token.slice(0, -1)}`]]],
    ["longer", () => [["authorization", `Bearer ${daemon.token}A`]]],
    ["twice", () => [bearer(), bearer()]],
    ["in the query", () => [], `/v1/session/who?token=T&access_token=T&authorization=Bearer%20T`],
    ["in a cookie", () => [["cookie", `token=${daemon.token}; authorization=${daemon.token}`]]],
    [
      "in another header",
      () => [
        ["x-api-key", daemon.token],
        ["proxy-authorization", `Bearer ${daemon.token}`],
      ],
    ],
  ];
  test("13 rows", () => expect(rows).toHaveLength(13));
  for (const [what, headers, target = "/v1/session/who"] of rows) {
    test(`${what} → 401 with a challenge`, async () => {
      const answer = await send(`POST ${target.replaceAll("T", daemon.token)}`, [ours(), json, ...headers()], "{}");
      expectRefusal(answer, 401);
      expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer/);
    });
  }

  const closed = (Object.entries(CONTRACT) as [string, Operation][]).filter(([, { scope }]) => scope !== "none");
  test("four operations are open", () => {
    const open = Object.keys(CONTRACT).filter((name) => !closed.some(([other]) => other === name));
    expect(open).toEqual(["session/hello", "session/prove", "session/pair", "session/pairing"]);
  });
  test.each(closed)("%s → 401 without one, whatever the method", async (name) => {
    for (const method of ["GET", "POST", "PUT", "DELETE"]) {
      expect((await send(`${method} /v1/${name}`, [ours(), json])).status).toBe(401);
    }
  });
  test("an operation that does not exist → 401 without one, 404 with one", async () => {
    expect((await send("POST /v1/no/such", [ours()])).status).toBe(401);
    expect((await send("POST /v1/no/such", [ours(), bearer()])).status).toBe(404);
  });
  test("session/hello answers a constant", async () => {
    const answer = await send("GET /v1/session/hello", [ours()]);
    expect(JSON.parse(answer.body)).toEqual({ name: "puente", version: "0.1.0", protocol: { min: 1, max: 1 } });
  });
});

describe("check 8: scopes", () => {
  const rows: readonly (readonly [scopes: readonly string[], target: string, status: number])[] = [
    [["files:read"], "files/write?root=x&path=y&expect=any", 403],
    [["files:write"], "files/list", 403],
    [["files:write"], "watch/changes", 403],
    [["all"], "session/pairings", 403],
    [["files:read", "files:write", "all"], "session/answer", 403],
    [["files:read"], "session/who", 200],
  ];
  test("6 rows", () => expect(rows).toHaveLength(6));
  test.each(rows)("%j on %s → %i", async (scopes, target, status) => {
    const token = daemon.createToken(
      `scope ${scopes.join(" ").replaceAll(":", "-")} ${target.split("?")[0]?.replace("/", "-")}`,
      scopes,
    );
    const answer = await send(`POST /v1/${target}`, [ours(), json, ["authorization", `Bearer ${token}`]], "{}");
    expect(answer.status).toBe(status);
    if (status === 403) expect(JSON.parse(answer.body).code).toBe("scope-missing");
  });
});
