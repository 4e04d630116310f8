import type { Operation } from "../operation.js";
import { LIMITS } from "../protocol.js";
import { choice, list, record, text } from "../schema.js";

const upstream = text(64);
/** What follows the upstream's own address: a path without `..`, and a query. */
const rest = text(LIMITS.restBytes);
const headers = list(record({ name: text(128), value: text(LIMITS.restBytes) }), LIMITS.relayHeaders);

const request = record(
  { upstream, rest },
  {
    method: choice("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
    headers,
    body: text(LIMITS.relayBodyBytes),
  },
);

const PROBLEMS = [
  "no-upstream",
  "invalid-path",
  "too-many-streams",
  "daemon-busy",
  "upstream-unreachable",
  "upstream-timeout",
  "upstream-failed",
  "upstream-redirect",
] as const;

export const relay = {
  "relay/raw": {
    form: "stream",
    scope: "relay",
    input: request,
    output: record({}),
    does: "Answers the upstream's status, some of its headers, and its bytes as they come. An upstream that breaks off breaks the connection.",
    problems: [...PROBLEMS, "upstream-encoding", "too-slow"],
  },
  "relay/sse": {
    form: "stream",
    scope: "relay",
    input: request,
    output: record({}),
    does: `Answers 200 and an event stream: events as they are, JSON lines and other text as \`data\`, a comment after ${LIMITS.eventHeartbeatSeconds} s of silence, each failure as \`event: problem\`, and \`event: end\` last.`,
    problems: [...PROBLEMS, "upstream-encoding", "upstream-error", "too-large", "too-slow"],
  },
  "relay/socket": {
    form: "socket",
    scope: "relay",
    input: record({ upstream, rest }, { headers, protocols: list(text(128), 16) }),
    output: record({}),
    does: "Carries messages both ways, and how the other side closed. Where the upstream refuses, so does the daemon, with its status.",
    problems: [...PROBLEMS, "upstream-refused"],
  },
} as const satisfies { readonly [name: string]: Operation };
