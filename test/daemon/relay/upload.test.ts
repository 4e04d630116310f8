import { type ClientRequest, request } from "node:http";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../shared/protocol.js";
import { parseEvents } from "../../support/event-parser.js";
import type { Visit } from "../../support/origin.js";
import { event, relaying, type Whole, whole } from "../../support/relaying.js";

const WAIT_MS = LIMITS.bodySeconds * 1000;
const scene = relaying({}, [], 64);
const hasty = relaying({ firstByteSeconds: 1 });

interface Upload {
  readonly outgoing: ClientRequest;
  readonly visit: Visit;
  /** Resolves with the answer once it has ended. */
  readonly told: Promise<Whole>;
}

/** A request whose body the test sends. */
async function upload(kind: "raw" | "sse", { daemon, origin } = scene): Promise<Upload> {
  const outgoing = request({
    host: "127.0.0.1",
    port: daemon.port,
    path: `/v1/relay/${kind}/up/take`,
    method: "POST",
    headers: { authorization: `Bearer ${daemon.token}` },
    agent: false,
  });
  const answer = event<[Parameters<typeof whole>[0]]>(outgoing, "response", 90);
  outgoing.on("error", () => undefined);
  const visiting = origin.next();
  outgoing.write("0");
  return { outgoing, visit: await visiting, told: answer.then(([incoming]) => whole(incoming, 60)) };
}

async function textOf({ request: body }: Visit): Promise<number> {
  let bytes = 0;
  for await (const chunk of body) bytes += (chunk as Buffer).length;
  return bytes;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends a byte every now and then, for so long. */
async function drip({ outgoing }: Upload, forMs: number): Promise<number> {
  const endMs = Date.now() + forMs;
  let sent = 1;
  for (; Date.now() < endMs; sent += 1) {
    outgoing.write("x");
    await pause(200);
  }
  outgoing.end();
  return sent;
}

const codeOf = (kind: string, { body }: Whole) =>
  (JSON.parse(kind === "raw" ? body.toString() : (parseEvents(body)[0]?.data ?? "{}")) as { code?: string }).code;

describe.each(["raw", "sse"] as const)("the body of a request to %s", { concurrent: true }, (kind) => {
  test(`may take longer than ${LIMITS.bodySeconds} s, as long as some of it comes`, async () => {
    const one = await upload(kind);
    const taken = textOf(one.visit);
    const sent = await drip(one, WAIT_MS + 6000);
    expect(await taken).toBe(sent);
    one.visit.response.end("taken");
    const answer = await one.told;
    expect([answer.status, answer.isClean]).toEqual([200, true]);
    expect(answer.body.toString()).toContain("taken");
  });

  test("may wait as long for an upstream that takes it slowly", async () => {
    const one = await upload(kind);
    const bytes = 32 * 1024 * 1024;
    one.outgoing.end(Buffer.alloc(bytes));
    await pause(WAIT_MS + 6000);
    expect(await textOf(one.visit)).toBe(bytes + 1);
    one.visit.response.end("taken");
    expect((await one.told).body.toString()).toContain("taken");
  });

  test("that stops coming ends the request in words, and its upstream", async () => {
    const one = await upload(kind);
    const answer = await one.told;
    expect(answer.status).toBe(kind === "raw" ? 408 : 200);
    expect(codeOf(kind, answer)).toBe("too-slow");
    await one.visit.gone;
  });
});

describe("an upstream's time begins where the client's ends", () => {
  test("a body that takes longer than its first byte may is no timeout", async () => {
    const one = await upload("raw", hasty);
    const taken = textOf(one.visit);
    await drip(one, 3000);
    await taken;
    one.visit.response.end("taken");
    expect((await one.told).status).toBe(200);
  });

  test("an upstream that takes nothing of the body does time out", async () => {
    const one = await upload("raw", hasty);
    one.outgoing.end(Buffer.alloc(32 * 1024 * 1024));
    const answer = await one.told;
    expect([answer.status, codeOf("raw", answer)]).toEqual([504, "upstream-timeout"]);
  });
});
