import type { Operation } from "../operation.js";
import { LIMITS } from "../protocol.js";
import { choice, integer, list, record, text } from "../schema.js";

/** `relay:*` is every upstream; `relay:<upstream>` is one. */
export const SCOPES = ["files:read", "files:write", "relay:*", "llm", "all"] as const;

/** 2^53 - 1. */
const MOST = 9_007_199_254_740_991;
const code = text(16);
const id = text(64);
const name = text(64);
const scopes = list(text(80), 16);

export const session = {
  "session/hello": {
    form: "probe",
    scope: "none",
    input: record({}),
    output: record({
      name: text(16),
      version: text(32),
      protocol: record({ min: integer(1, 1000), max: integer(1, 1000) }),
    }),
    does: "Says what answers here and which protocols it speaks.",
    problems: [],
  },
  "session/prove": {
    form: "call",
    scope: "none",
    input: record({ token: id, challenge: text(128) }),
    output: record({ proof: text(64) }),
    does: "Proves that the daemon knows a token before the token is sent: HMAC-SHA256 of the challenge, in hex, keyed with the SHA-256 of the token's secret. An unknown id gets a proof too, a wrong one.",
    problems: [],
  },
  "session/pair": {
    form: "call",
    scope: "none",
    input: record({ client: name, scopes }),
    output: record({ pairing: id, code, expiresInSeconds: integer(1, LIMITS.pairingSeconds) }),
    does: "Starts a pairing. The user compares the code with the one in the terminal and approves it there.",
    problems: ["too-many-pairings"],
  },
  "session/pairing": {
    form: "call",
    scope: "none",
    input: record({ pairing: id }),
    output: record({ state: choice("waiting", "approved", "refused") }, { token: text(256) }),
    does: `Waits up to ${LIMITS.longPollSeconds} s for the verdict. An approved pairing hands its token over once.`,
    problems: ["no-pairing", "too-many-tries"],
  },
  "session/who": {
    form: "call",
    scope: "any",
    input: record({}),
    output: record({
      token: id,
      name,
      scopes: list(text(80), 64),
      streams: list(
        record({
          id,
          operation: choice("relay/raw", "relay/sse", "relay/socket"),
          upstream: text(64),
          openSeconds: integer(0, MOST),
          bytes: integer(0, MOST),
        }),
        LIMITS.allStreams,
      ),
    }),
    does: "Says which token asked, what it may do, and which streams it holds open outside of the link.",
    problems: [],
  },
  "session/pairings": {
    form: "call",
    scope: "operator",
    input: record({}),
    output: record({
      pairings: list(
        record({ pairing: id, client: name, scopes, code, expiresInSeconds: integer(0, LIMITS.pairingSeconds) }),
        LIMITS.pairings,
      ),
    }),
    does: "Lists the pairings that wait, for `puente pair`.",
    problems: [],
  },
  "session/answer": {
    form: "call",
    scope: "operator",
    input: record({ code, verdict: choice("approve", "refuse") }),
    output: record({ client: name, scopes }),
    does: "Approves or refuses the pairing with this code. A wrong code counts as a try against every pairing that waits.",
    problems: ["no-pairing", "too-many-tries"],
  },
} as const satisfies { readonly [name: string]: Operation };
