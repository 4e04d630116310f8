import { describe, expect, test } from "vitest";
import { Failure } from "../../../daemon/fail.js";
import { breakdownOf } from "../../../daemon/upstream/breakdown.js";
import { resolveUpstream } from "../../../daemon/upstream/upstream.js";
import { type Door, openUpstreams } from "../../../daemon/upstream/upstreams.js";
import { within } from "../../support/deadline.js";
import { startRawOrigin } from "../../support/raw-origin.js";
import { until } from "../../support/relaying.js";

const BROKE_OFF = { code: "upstream-failed", detail: "The upstream up broke off." };

describe("an asking that is aborted without a reason", () => {
  const rows: readonly (readonly [what: string, open: (door: Door, signal: AbortSignal) => Promise<unknown>])[] = [
    ["a request", (door, signal) => door.ask({ rest: "x", method: "GET", headers: [], signal })],
    ["a WebSocket", (door, signal) => door.dial({ rest: "x", headers: [], protocols: [], signal })],
  ];
  test.each(rows)("%s fails with a problem that names the upstream", async (_what, open) => {
    const origin = await startRawOrigin(() => undefined);
    const door = openUpstreams([resolveUpstream({ name: "up", url: origin.url })]).get("up");
    const life = new AbortController();
    const failed = open(door, life.signal).catch((error: unknown) => error);
    await until("the upstream is asked", () => origin.received().includes("GET /x"));
    life.abort();
    const error = await within(5, "the asking has failed", failed);
    expect(error).toBeInstanceOf(Failure);
    expect((error as Failure).problem).toEqual(BROKE_OFF);
    await until("the upstream is let go", () => origin.connections() === 0, 1);
    await origin.close();
  });
});

test.each([
  ["ENOTFOUND", "upstream-unreachable", "has a name that nobody knows"],
  ["ECONNREFUSED", "upstream-unreachable", "takes no connection (ECONNREFUSED)"],
  ["CERT_HAS_EXPIRED", "upstream-unreachable", "cannot be trusted (CERT_HAS_EXPIRED)"],
  ["HPE_INVALID_CONSTANT", "upstream-failed", "does not speak well-formed HTTP"],
  ["ECONNRESET", "upstream-failed", "broke off"],
])("%s is %s, in words without an address", (code, problem, words) => {
  const error = Object.assign(new Error("10.0.0.1:80"), { code, address: "10.0.0.1" });
  expect(breakdownOf("up", error).problem).toEqual({ code: problem, detail: `The upstream up ${words}.` });
});
