import { createHash, createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readNotes } from "../../../daemon/note.js";
import { createPairings } from "../../../daemon/session/pairing.js";
import type { Output } from "../../../shared/contract/index.js";
import { LIMITS } from "../../../shared/protocol.js";
import { startDaemon, type TestDaemon } from "../../support/daemon.js";
import { within } from "../../support/deadline.js";

let daemon: TestDaemon;
beforeEach(async () => {
  daemon = await startDaemon([]);
});
afterEach(() => daemon.close());

const operator = () => readNotes(daemon.state, () => true)[0]?.token ?? "";
const json = async <T>(response: Response | Promise<Response>) => (await (await response).json()) as T;
const open = (name: string, input: unknown) =>
  fetch(`${daemon.url}/v1/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(input),
  });
const pair = (scopes: readonly string[] = ["files:read"]) =>
  json<Output<"session/pair">>(open("session/pair", { client: "Studio", scopes }));
const answer = (code: string, verdict: "approve" | "refuse") =>
  daemon.call("session/answer", { code, verdict }, operator());

describe("check 8: pairing", () => {
  test("an approved pairing hands its token over, once, and the token does what was asked for", async () => {
    const { pairing, code, expiresInSeconds } = await pair();
    expect(code).toMatch(/^\d{3}-\d{3}$/);
    expect(expiresInSeconds).toBe(LIMITS.pairingSeconds);
    expect(daemon.announced).toMatchObject([{ client: "Studio", code }]);
    const verdict = open("session/pairing", { pairing });
    expect(await json(answer(code, "approve"))).toEqual({ client: "Studio", scopes: ["files:read"] });
    const approved = await within(5, "the verdict", json<Output<"session/pairing">>(verdict));
    expect(approved.state).toBe("approved");
    const who = await json<Output<"session/who">>(daemon.call("session/who", {}, approved.token));
    expect(who.scopes).toEqual(["files:read"]);
    expect((await open("session/pairing", { pairing })).status).toBe(404);
  });

  test("a refused pairing says so and makes no token", async () => {
    const { pairing, code } = await pair();
    await answer(code, "refuse");
    expect(await json(open("session/pairing", { pairing }))).toEqual({ state: "refused" });
    expect(daemon.state.names("tokens")).toEqual(["test.json"]);
  });

  test("a code serves once", async () => {
    const { code } = await pair();
    expect((await answer(code, "approve")).status).toBe(200);
    expect((await answer(code, "approve")).status).toBe(404);
  });

  test("five wrong codes void it: 429 in the terminal and in Studio, and the right code is worth nothing", async () => {
    const { pairing, code } = await pair();
    const wrong = code === "000-000" ? "000-001" : "000-000";
    const statuses: number[] = [];
    for (let tried = 0; tried < LIMITS.pairingTries; tried += 1) statuses.push((await answer(wrong, "approve")).status);
    expect(statuses).toEqual([404, 404, 404, 404, 429]);
    expect((await answer(code, "approve")).ok).toBe(false);
    expect((await open("session/pairing", { pairing })).status).toBe(429);
  });

  test("only so many wait at once, and one that nobody waits for makes room", async () => {
    const gone = new AbortController();
    const pairings = createPairings(
      () => "no token",
      () => undefined,
    );
    const ask = () => pairings.start({ client: "Studio", scopes: ["all"] });
    const asked = Array.from({ length: LIMITS.pairings }, ask);
    const forsaken = asked[2]?.pairing ?? "";
    const verdicts = asked
      .filter(({ pairing }) => pairing !== forsaken)
      .map(({ pairing }) => pairings.verdict(pairing, gone.signal));
    const { pairing } = ask();
    await expect(pairings.verdict(forsaken, gone.signal)).rejects.toThrow("no-pairing");
    verdicts.push(pairings.verdict(pairing, gone.signal));
    expect(ask).toThrow("too-many-pairings");
    gone.abort(new Error("the clients went away"));
    for (const verdict of verdicts) await expect(verdict).rejects.toThrow("the clients went away");
  });

  test("a client that has gone gets no token made for it", async () => {
    const { pairing, code } = await pair();
    const gone = new AbortController();
    const waiting = fetch(`${daemon.url}/v1/session/pairing`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ pairing }),
      signal: gone.signal,
    });
    gone.abort();
    await expect(waiting).rejects.toThrow();
    await answer(code, "approve");
    expect(daemon.state.names("tokens")).toEqual(["test.json"]);
    expect(await json(open("session/pairing", { pairing }))).toMatchObject({ state: "approved" });
  });

  test.each([
    [{ client: "x", scopes: [] }, 400],
    [{ client: "x", scopes: ["operator"] }, 400],
    [{ client: "x", scopes: ["files:read", 1] }, 400],
    [{ client: "x".repeat(65), scopes: ["all"] }, 400],
    [{ scopes: ["all"] }, 400],
    [{ client: null, scopes: ["all"] }, 400],
  ])("asking with %j (one of 6) → %i", async (input, status) => {
    expect((await open("session/pair", input)).status).toBe(status);
  });

  test("an unknown pairing → 404", async () => {
    expect((await open("session/pairing", { pairing: "0".repeat(32) })).status).toBe(404);
  });
});

describe("session/prove", () => {
  const proofOf = (token: string, challenge: string) => {
    const key = createHash("sha256")
      .update(token.split(".")[1] ?? "")
      .digest();
    return createHmac("sha256", key).update(challenge).digest("hex");
  };

  test("the daemon proves that it knows the token, before it is sent", async () => {
    const challenge = "c".repeat(64);
    const { proof } = await json<Output<"session/prove">>(
      open("session/prove", { token: daemon.token.split(".")[0], challenge }),
    );
    expect(proof).toBe(proofOf(daemon.token, challenge));
  });

  test("an unknown id gets a proof too, which fits nothing and does not change from one call to the next", async () => {
    const ask = () => json<Output<"session/prove">>(open("session/prove", { token: "0".repeat(16), challenge: "x" }));
    const [first, second] = [await ask(), await ask()];
    expect(first.proof).toMatch(/^[0-9a-f]{64}$/);
    expect(second).toEqual(first);
    expect(first.proof).not.toBe(proofOf(daemon.token, "x"));
  });
});

describe("tokens", () => {
  test("one that is revoked is refused at the next call", async () => {
    daemon.createToken("short-lived", ["all"]);
    const token = daemon.createToken("other", ["all"]);
    expect((await daemon.call("session/who", {}, token)).status).toBe(200);
    daemon.state.remove("tokens/other.json");
    expect((await daemon.call("session/who", {}, token)).status).toBe(401);
  });

  test("secrets are on no disk and in no log", async () => {
    await daemon.call("session/who", {});
    const stored = daemon.state.names("tokens").map((file) => JSON.stringify(daemon.state.readJson(`tokens/${file}`)));
    expect(stored.length).toBeGreaterThan(0);
    expect([...stored, ...daemon.logged].join("\n")).not.toContain(daemon.token.split(".")[1]);
  });
});
