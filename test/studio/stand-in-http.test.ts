import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { deflateSync, gunzipSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Studio, type Switches, startStudio } from "./stand-in/index.ts";

interface Echo {
  method: string;
  url: string;
  headers: string[];
  body: string;
}

let server: Server;
let origin: string;
let studio: Studio;
/** Answers that the test holds back. */
let held: ServerResponse[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    void serve(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  studio = await startStudio({ plugins: [] });
});

afterEach(() => {
  for (const response of held.splice(0)) response.end("late");
});

afterAll(async () => {
  await studio.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const body = Buffer.concat(pieces);
  const path = request.url ?? "";
  if (path === "/bytes") return void response.end(body);
  if (path === "/held") return void held.push(response);
  if (path === "/gzip") return void response.writeHead(200, { "Content-Encoding": "gzip" }).end(gzipSync("packed é"));
  if (path === "/deflate")
    return void response.writeHead(200, { "Content-Encoding": "deflate" }).end(deflateSync("packed"));
  if (path === "/twice") return void response.writeHead(200, ["X-Twice", "one", "x-TWICE", "two"]).end();
  if (path === "/cut")
    return void response.writeHead(200, { "Content-Length": "100" }).write("part", () => request.socket.destroy());
  if (path === "/loop") return void response.writeHead(302, { Location: "/loop" }).end();
  if (path === "/lost") return void response.writeHead(302, { Location: "ftp://x/" }).end();
  const status = /^\/(\d{3})$/.exec(path)?.[1];
  if (status !== undefined) return void response.writeHead(Number(status), { Location: "/echo" }).end("answer");
  const text = request.headers["content-encoding"] === "gzip" ? gunzipSync(body).toString() : body.toString();
  const echo: Echo = { method: request.method ?? "", url: path, headers: request.rawHeaders, body: text };
  response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(echo));
}

async function withStudio(switches: Partial<Switches>, use: (own: Studio) => Promise<void>): Promise<void> {
  const own = await startStudio({ plugins: [], switches });
  try {
    await use(own);
  } finally {
    await own.close();
  }
}

const HTTP = `local http = game:GetService("HttpService")`;
const request = (fields: string) => `http:RequestAsync({ Url = "${origin}/echo", ${fields} })`;
const thrownIn = (where: Studio, call: string) =>
  where.run<string>(`${HTTP} return select(2, pcall(function() ${call} end))`);
const thrown = (call: string) => thrownIn(studio, call);

async function echo(call: string): Promise<Echo> {
  return JSON.parse(await studio.run<string>(`${HTTP} return ${call}.Body`)) as Echo;
}

async function freePort(): Promise<number> {
  const taken = createTcpServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as AddressInfo;
  await new Promise((resolve) => taken.close(resolve));
  return port;
}

describe("what goes out", () => {
  test("a request carries Studio's headers, and no Origin", async () => {
    const { headers, method } = await echo(request(""));
    const map = new Map(headers.flatMap((_, i) => (i % 2 === 0 ? [[headers[i], headers[i + 1]] as const] : [])));
    expect(method).toBe("GET");
    expect(Object.fromEntries(map)).toMatchObject({
      Accept: "*/*",
      "Accept-Encoding": "gzip, deflate",
      "Cache-Control": "no-cache",
      Host: new URL(origin).host,
      "Roblox-Id": "0",
      "User-Agent": "RobloxStudio/WinInet",
    });
    expect([...map.keys()].map((name) => name?.toLowerCase())).not.toContain("origin");
  });

  test("a plugin's own headers and body go as they are", async () => {
    const sent = await echo(
      request(`Method = "POST", Headers = { ["X-Own"] = "yes", Origin = "http://x" }, Body = "é😀"`),
    );
    expect(sent).toMatchObject({ method: "POST", body: "é😀" });
    expect(sent.headers.join("\n")).toContain("X-Own\nyes");
    expect(sent.headers.join("\n")).toContain("Origin\nhttp://x");
    expect(sent.headers.join("\n")).toContain(`Content-Length\n${Buffer.byteLength("é😀")}`);
  });

  test("a body can be sent compressed", async () => {
    const sent = await echo(request(`Method = "PUT", Body = "hello", Compress = Enum.HttpCompression.Gzip`));
    expect(sent.body).toBe("hello");
    expect(sent.headers.join("\n")).toContain("Content-Encoding\ngzip");
  });

  test("every byte makes the round trip, ten mebibytes of them", async () => {
    expect(
      await studio.run(`
        ${HTTP}
        local size = 10 * 1024 * 1024
        local bytes = buffer.create(size)
        for i = 0, size - 4, 4 do
          buffer.writeu32(bytes, i, i * 2654435761 % 4294967296)
        end
        for i = 0, 255 do
          buffer.writeu8(bytes, i, i)
        end
        local sent = buffer.tostring(bytes)
        local answer = http:RequestAsync({ Url = "${origin}/bytes", Method = "POST", Body = sent })
        return { #answer.Body, answer.Body == sent }`),
    ).toEqual([10 * 1024 * 1024, true]);
  });

  test.each([
    "Accept-Encoding",
    "connection",
    "CONTENT-LENGTH",
    "Host",
    "User-Agent",
    "Roblox-Id",
    "X-Forwarded-For",
    "Via",
  ])("the header %s is locked", async (name) => {
    expect(await thrown(request(`Headers = { ["${name}"] = "x" }`))).toBe(`Header "${name}" is not allowed!`);
  });
});

describe("what comes back", () => {
  test("an answer that is not 2xx does not throw in RequestAsync", async () => {
    expect(
      await studio.run(`
        ${HTTP}
        local answer = http:RequestAsync({ Url = "${origin}/404" })
        return { answer.Success, answer.StatusCode, answer.StatusMessage, answer.Body }`),
    ).toEqual([false, 404, "Not Found", "answer"]);
  });

  test("it throws in GetAsync and PostAsync", async () => {
    expect(await thrown(`http:GetAsync("${origin}/404")`)).toBe("HTTP 404 (Not Found)");
    expect(await thrown(`http:PostAsync("${origin}/500", "x")`)).toBe("HTTP 500 (Internal Server Error)");
  });

  test("GetAsync and PostAsync answer the body", async () => {
    const get = await studio.run<string>(`game:GetService("HttpService"):GetAsync("${origin}/echo")`);
    const post = await studio.run<string>(
      `game:GetService("HttpService"):PostAsync("${origin}/echo", "a=1", Enum.HttpContentType.ApplicationUrlEncoded)`,
    );
    expect(JSON.parse(get)).toMatchObject({ method: "GET" });
    expect(JSON.parse(post)).toMatchObject({ method: "POST", body: "a=1" });
    expect((JSON.parse(post) as Echo).headers).toContain("application/x-www-form-urlencoded");
  });

  test("header names are lower-cased and the last of a kind wins", async () => {
    expect(
      await studio.run(`game:GetService("HttpService"):RequestAsync({ Url = "${origin}/twice" }).Headers["x-twice"]`),
    ).toBe("two");
  });

  test.each([
    ["gzip", "packed é"],
    ["deflate", "packed"],
  ])("%s is unpacked", async (encoding, text) => {
    expect(await studio.run(`game:GetService("HttpService"):GetAsync("${origin}/${encoding}")`)).toBe(text);
  });

  test("redirects are followed: 302 with a GET, 307 with the same method", async () => {
    const moved = (status: number) =>
      studio.run<string>(`game:GetService("HttpService"):PostAsync("${origin}/${status}", "body")`);
    expect(JSON.parse(await moved(302))).toMatchObject({ method: "GET", body: "" });
    expect(JSON.parse(await moved(307))).toMatchObject({ method: "POST", body: "body" });
  });
});

describe("what is thrown", () => {
  test.each([
    [`http:RequestAsync({ Url = "" })`, "Empty URL"],
    [`http:GetAsync("")`, "Empty URL"],
    [`http:RequestAsync({ Url = "ftp://127.0.0.1/" })`, "ftp://127.0.0.1/: Trust check failed"],
    [`http:GetAsync("nonsense")`, "nonsense: Trust check failed"],
    [
      `http:RequestAsync({ Url = "http://127.0.0.1/", Body = "x" })`,
      "Invalid request options, Body should be empty for 'GET' or 'HEAD' method",
    ],
    [
      `http:RequestAsync({ Url = "http://127.0.0.1/", Method = "HEAD", Body = "" })`,
      "Invalid request options, Body should be empty for 'GET' or 'HEAD' method",
    ],
    [
      `http:PostAsync("http://127.0.0.1/", string.rep("x", 1024000))`,
      "Post data too large. Limit: 1024 KB. Post size: 1024 KB",
    ],
    [`http:GetAsync("http://nobody.invalid/")`, "HttpError: DnsResolve"],
  ])("%s", async (call, text) => {
    expect(await thrown(call)).toBe(text);
  });

  test.each([
    ["/cut", "HttpError: ConnectionClosed"],
    ["/loop", "HttpError: TooManyRedirects"],
    ["/lost", "HttpError: InvalidRedirect"],
  ])("%s ends in %s", async (path, text) => {
    expect(await thrown(`http:GetAsync("${origin}${path}")`)).toBe(text);
  });

  test.each([1194, 22, 999])("port %i is closed to plugins", async (port) => {
    expect(
      await studio.run(`game:GetService("HttpService"):RequestAsync({ Url = "http://127.0.0.1:${port}/" }).StatusCode`),
    ).toBe(403);
  });

  test("a Timeout of its own ends a request, and cannot be longer than Studio's", async () => {
    const held = `http:RequestAsync({ Url = "${origin}/held", Timeout = %s })`;
    expect(await thrown(held.replace("%s", "1"))).toBe("HttpError: Timedout");
    expect(await thrown(held.replace("%s", "121"))).toContain("Timeout should be greater than zero");
    expect(await thrown(held.replace("%s", "0"))).toContain("Timeout should be greater than zero");
  });

  test("an answer that is no HTTP fails", async () => {
    const sockets: Socket[] = [];
    const raw = createTcpServer((socket) => {
      sockets.push(socket);
      socket.end("nonsense\r\n\r\n");
    });
    await new Promise<void>((resolve) => raw.listen(0, "127.0.0.1", resolve));
    expect(await thrown(`http:GetAsync("http://127.0.0.1:${(raw.address() as AddressInfo).port}/")`)).toBe(
      "HttpError: NetFail",
    );
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => raw.close(resolve));
  });
});

describe("switches", () => {
  test.each(["ConnectFail", "NetFail", "Unknown"] as const)("nobody listening is %s", async (connectFailText) => {
    const port = await freePort();
    await withStudio({ connectFailText }, async (own) => {
      expect(await thrownIn(own, `http:GetAsync("http://127.0.0.1:${port}/")`)).toBe(`HttpError: ${connectFailText}`);
    });
  });

  test("without HttpEnabled nothing is sent", async () => {
    await withStudio({ httpEnabled: false }, async (own) => {
      const text = "Http requests are not enabled. Enable via game settings";
      expect(await thrownIn(own, `http:GetAsync("${origin}/echo")`)).toBe(text);
      await own.run(`game:GetService("HttpService").HttpEnabled = true`);
      expect(await own.run(`#game:GetService("HttpService"):GetAsync("${origin}/echo") > 0`)).toBe(true);
    });
  });

  test("the quota of a minute is shared, and throws when it is used up", async () => {
    await withStudio({ quotaPerMinute: 3 }, async (own) => {
      expect(
        await own.run(`
          ${HTTP}
          local outcomes = {}
          for i = 1, 4 do
            table.insert(outcomes, (select(2, pcall(http.GetAsync, http, "${origin}/404"))))
          end
          return outcomes`),
      ).toEqual([...Array(3).fill("HTTP 404 (Not Found)"), "Number of requests exceeded limit"]);
      expect(await own.stats()).toMatchObject({ requestsMade: 3, requestsInQuotaWindow: 3, openRequests: 0 });
    });
  });

  test("the sixth request waits for a slot", async () => {
    await studio.run(`
      ${HTTP}
      shared.done = 0
      for i = 1, 6 do
        task.spawn(function()
          http:GetAsync("${origin}/held")
          shared.done += 1
        end)
      end`);
    await expect.poll(() => held.length).toBe(5);
    expect(await studio.stats()).toMatchObject({ openRequests: 5, queuedRequests: 1 });
    held.shift()?.end("go");
    await expect.poll(() => held.length).toBe(5);
    for (const response of held.splice(0)) response.end("go");
    expect(await studio.until("all six answered", "shared.done == 6")).toBe(true);
  });

  test.each(["127.0.0.1", "::1"] as const)("localhost is found with %s first", async (localhostFirst) => {
    await withStudio({ localhostFirst }, async (own) => {
      const url = `${origin.replace("127.0.0.1", "localhost")}/echo`;
      const body = await own.run<string>(`game:GetService("HttpService"):GetAsync("${url}")`);
      expect((JSON.parse(body) as Echo).headers).toContain(new URL(url).host);
    });
  });

  test("Studio closes while a request is open, and leaves no socket", async () => {
    await withStudio({}, async (own) => {
      await own.run(`task.spawn(function() game:GetService("HttpService"):GetAsync("${origin}/held") end)`);
      await expect.poll(() => held.length).toBe(1);
    });
    const gone = new Promise((resolve) => (held[0]?.closed ? resolve(null) : held[0]?.once("close", resolve)));
    await gone;
    held = [];
  });
});
