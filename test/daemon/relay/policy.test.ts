import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resolveUpstream } from "../../../daemon/upstream/upstream.js";
import { startDaemon, type TestDaemon } from "../../support/daemon.js";
import { parseEvents } from "../../support/event-parser.js";
import { type Origin, startOrigin } from "../../support/origin.js";
import { raw, requestText } from "../../support/raw.js";
import { event, get, openSocket, send, until } from "../../support/relaying.js";

const SECRET = "Bearer canary-of-the-upstream";
let evil: Origin;
let mute: Origin;
let origin: Origin;
let daemon: TestDaemon;
beforeAll(async () => {
  evil = await startOrigin(({ response }) => response.end("evil"));
  mute = await startOrigin();
  origin = await startOrigin(({ url, response }) => {
    const status = Number(/redirect\/(\d+)/.exec(url)?.[1] ?? 200);
    response.writeHead(status, status === 200 ? {} : { location: `${evil.url}/stolen` }).end("said");
  });
  const credential = { header: "Authorization", value: SECRET };
  daemon = await startDaemon([], 0, {
    upstreams: [
      { name: "up", url: `${origin.url}/base`, credential },
      { name: "bare", url: `${origin.url}/`, credential },
      { name: "held", url: `${mute.url}/` },
    ].map(resolveUpstream),
  });
});
afterAll(async () => {
  await daemon.close();
  await origin.close();
  await evil.close();
  await mute.close();
});

describe("check 18: a redirect leads nowhere, and secrets stay", () => {
  test.each([301, 302, 303, 307, 308])("a %i → 502 without a location, and nobody asked elsewhere", async (status) => {
    const answer = await get(daemon, `raw/up/redirect/${status}`);
    expect([answer.status, JSON.parse(answer.body.toString())]).toMatchObject([
      502,
      { code: "upstream-redirect", status },
    ]);
    expect(JSON.stringify(answer.headers) + answer.body).not.toContain(`${evil.port}`);
    const stream = await get(daemon, `sse/up/redirect/${status}`);
    expect(parseEvents(stream.body).map(({ event, data }) => `${event} ${data.slice(0, 27)}`)).toEqual(
      ['problem {"code":"upstream-redirect"', "end {}"].map((line) => line.slice(0, 35)),
    );
    expect(evil.visits).toEqual([]);
  });

  test("a redirect of an upgrade → 502, and nobody asked elsewhere", async () => {
    const refusing = await startOrigin(undefined, {
      verifyClient: (_info, done) => done(false, 302, "", { location: `${evil.url}/` }),
    });
    const own = await startDaemon([], 0, { upstreams: [resolveUpstream({ name: "up", url: refusing.url })] });
    const [, response] = await event<[unknown, { statusCode: number }]>(openSocket(own, "up/x"), "unexpected-response");
    expect(response.statusCode).toBe(502);
    expect(evil.visits).toEqual([]);
    await own.close();
    await refusing.close();
  });

  const mine = {
    cookie: "session=canary",
    "roblox-id": "canary",
    "x-forwarded-for": "canary",
    forwarded: "for=canary",
    via: "canary",
    te: "trailers",
    "x-drop": "canary",
    connection: "close, x-drop",
    "proxy-authorization": "canary",
    "accept-encoding": "gzip, br",
    "user-agent": "RobloxStudio/WinInet canary",
    "x-keep": "kept",
    "last-event-id": "7",
  };
  test.each(["raw", "sse"])(
    "the upstream of %s gets its own credential, and none of the client's own headers",
    async (kind) => {
      await get(daemon, `${kind}/up/x`, { headers: mine });
      const seen = origin.visits.at(-1);
      const headers = seen?.request.headers ?? {};
      const all = seen?.rawHeaders.join("\n") ?? "";
      expect(headers).toMatchObject({
        authorization: SECRET,
        "x-keep": "kept",
        "last-event-id": "7",
        "accept-encoding": "identity",
      });
      expect(headers.host).toBe(`127.0.0.1:${origin.port}`);
      expect(all.replace(SECRET, "")).not.toContain("canary");
      expect(all).not.toContain(daemon.token.split(".")[1]);
      for (const name of ["cookie", "roblox-id", "x-drop", "te", "via", "forwarded"])
        expect(headers).not.toHaveProperty(name);
    },
  );

  test("a header named like a part of every object is a header like others", async () => {
    await get(daemon, "raw/up/x", { headers: { constructor: "mine", ["__proto__"]: "too" } });
    const { rawHeaders = [] } = origin.visits.at(-1) ?? {};
    const valuesOf = (name: string) => rawHeaders.filter((_text, at) => at % 2 === 1 && rawHeaders[at - 1] === name);
    expect([valuesOf("constructor"), valuesOf("__proto__")]).toEqual([["mine"], ["too"]]);
  });

  test("an upstream of no credential gets none, not even beside one that has", async () => {
    const asked = send(daemon, "raw/held/x");
    const { rawHeaders } = await mute.next();
    expect(rawHeaders.join("\n").toLowerCase()).not.toContain("authorization");
    asked.outgoing.destroy();
  });

  test("so does the upstream of a socket", async () => {
    const client = openSocket(daemon, "up/socket");
    await Promise.all([origin.nextSocket(), event(client, "open")]);
    expect(origin.visits.at(-1)?.request.headers.authorization).toBe(SECRET);
    expect(origin.visits.at(-1)?.rawHeaders.join("\n")).not.toContain(daemon.token);
    client.close();
    await event(client, "close");
  });

  test.each([
    ["http elsewhere", "http://models.example"],
    ["http to a name like ours", "http://localhost.example:80"],
    ["ws elsewhere", "ws://models.example"],
  ])("a credential is not configured for %s", (_what, url) => {
    const make = () => resolveUpstream({ name: "up", url, credential: { header: "x-key", value: "canary" } });
    expect(make).toThrow("https");
    expect(make).not.toThrow("canary");
  });
});

describe("check 20: a relay leads only to its upstream, below its path", () => {
  const ask = (target: string, kind = "raw") =>
    raw(
      daemon.port,
      requestText(`GET /v1/relay/${kind}/${target}`, [
        ["host", `127.0.0.1:${daemon.port}`],
        ["authorization", `Bearer ${daemon.token}`],
        ["connection", "close"],
      ]),
    );
  const refused: readonly (readonly [target: string, status: number])[] = [
    ["nowhere/x", 404],
    ["/x", 404],
    ["http://169.254.169.254/x", 404],
    ["up%2fx", 404],
    ["__proto__/x", 404],
    ["up/..", 400],
    ["up/../x", 400],
    ["up/a/../../x", 400],
    ["up/.", 400],
    ["up/a/./b", 400],
    ["up//evil.example", 400],
    ["up/a//b", 400],
    ["up/@evil.example", 400],
    ["up/\\evil.example", 400],
    ["up/a\\..\\b", 400],
    ["up/%2e%2e/x", 400],
    ["up/%2E%2e/x", 400],
    ["up/.%2e/x", 400],
    ["up/%2f..", 400],
    ["up/%2f..%2fx", 400],
    ["up/..%2fx", 400],
    ["up/..%5cx", 400],
    ["up/a%2f..%2f..%2fx", 400],
    ["up/http://169.254.169.254/", 400],
    ["up/https://evil.example", 400],
    ["up/%zz", 400],
    ["up/%ff", 400],
    ["up/x#y", 400],
    [`up/${"x".repeat(8193)}`, 400],
  ];
  test("29 rows", () => expect(refused).toHaveLength(29));
  for (const [target, status] of refused) {
    test.each(["raw", "sse"])(`%s/${target.slice(0, 40)} → ${status}, and no upstream is asked`, async (kind) => {
      const before = origin.visits.length;
      expect((await ask(target, kind)).status).toBe(status);
      expect(origin.visits).toHaveLength(before);
    });
    test(`socket/${target.slice(0, 40)} → ${status}, and no upstream is asked`, async () => {
      const before = origin.visits.length;
      const upgrade = requestText(`GET /v1/relay/socket/${target}`, [
        ["host", `127.0.0.1:${daemon.port}`],
        ["authorization", `Bearer ${daemon.token}`],
        ["connection", "Upgrade"],
        ["upgrade", "websocket"],
        ["sec-websocket-version", "13"],
        ["sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="],
      ]);
      expect((await raw(daemon.port, upgrade)).status).toBe(status);
      expect(origin.visits).toHaveLength(before);
    });
  }

  test.each([
    ["up", "/base"],
    ["up/", "/base"],
    ["up?a=b", "/base?a=b"],
    ["up/x", "/base/x"],
    ["up/x/", "/base/x/"],
    ["up/x?u=http://a//b/..&c=@", "/base/x?u=http://a//b/..&c=@"],
    ["up/a@b:c;d=1,2", "/base/a@b:c;d=1,2"],
    ["up/a%2Fb%20c", "/base/a%2Fb%20c"],
    ["up/...", "/base/..."],
    ["bare/x", "/x"],
    ["bare", "/"],
  ])("%s asks for %s", async (target, url) => {
    expect((await get(daemon, `raw/${target}`)).status).toBe(200);
    expect(origin.visits.at(-1)?.url).toBe(url);
  });

  test.each([
    "http://169.254.169.254",
    "http://[fd00:ec2::254]/",
    "http://[::ffff:169.254.169.254]",
    "http://metadata.google.internal",
    "http://100.100.100.200",
    "http://2852039166",
  ])("%s is not configured", (url) => expect(() => resolveUpstream({ name: "up", url })).toThrow("metadata"));
  test.each([
    "ftp://a.example",
    "file:///etc",
    "http://a:b@c.example",
    "http://a.example?x=1",
    "http://a.example#x",
    "a.example",
    "",
  ])("%s is not configured", (url) => expect(() => resolveUpstream({ name: "up", url })).toThrow("the upstream up"));

  test.each(["/v1/upstreams", "/v1/relay", "/v1/relay/upstreams", "/v1/relay/raw"])(
    "no call changes the upstreams: %s → 404",
    async (target) => {
      for (const method of ["PUT", "POST", "DELETE"]) {
        const headers = [
          ["host", `127.0.0.1:${daemon.port}`],
          ["authorization", `Bearer ${daemon.token}`],
        ] as const;
        expect((await raw(daemon.port, requestText(`${method} ${target}`, headers, "{}"))).status).toBe(404);
      }
    },
  );
});

test("what does not parse behind a request breaks off its answer, and is not answered into it", async () => {
  const client = connect(daemon.port, "127.0.0.1");
  let text = "";
  client
    .on("error", () => undefined)
    .on("data", (chunk) => {
      text += chunk.toString();
    });
  const closed = event(client, "close");
  client.write(
    requestText("GET /v1/relay/sse/held/x", [
      ["host", `127.0.0.1:${daemon.port}`],
      ["authorization", `Bearer ${daemon.token}`],
    ]),
  );
  await until("the answer has begun", () => text.endsWith("\r\n\r\n"));
  const begun = text;
  client.write("no request\r\n\r\n");
  await closed;
  expect(text).toBe(begun);
});

describe("who may relay", () => {
  test.each([
    ["files:read", "up", 403],
    ["files:read,files:write", "nowhere", 403],
    ["relay:other", "up", 403],
    ["relay:up", "up", 200],
    ["relay:up", "bare", 403],
    ["relay:*", "bare", 200],
    ["all", "up", 200],
  ])("%s to %s → %i", async (scopes, upstream, status) => {
    const token = daemon.createToken(`${scopes}-${upstream}`.replaceAll(/[^a-z]/g, "-"), scopes.split(","));
    expect((await get(daemon, `raw/${upstream}/x`, { token })).status).toBe(status);
    expect((await get(daemon, `sse/${upstream}/x`, { token })).status).toBe(status);
  });

  test("methods that a relay does not take → 405; a socket by plain GET, or an upgrade of another relay → 426", async () => {
    const headers = [
      ["host", `127.0.0.1:${daemon.port}`],
      ["authorization", `Bearer ${daemon.token}`],
    ] as const;
    expect((await raw(daemon.port, requestText("TRACE /v1/relay/raw/up/x", headers))).status).toBe(405);
    expect((await raw(daemon.port, requestText("GET /v1/relay/socket/up/x", headers))).status).toBe(426);
    const [, response] = await event<[unknown, { statusCode: number }]>(
      openSocket(daemon, "../raw/up/x"),
      "unexpected-response",
    );
    expect(response.statusCode).toBe(426);
  });
});
