import { LIMITS } from "../protocol.js";
import { anything, choice, flag, type Infer, integer, list, type RecordSchema, record, text } from "../schema.js";

/** 2^53 - 1, the largest whole number of the wire. */
const MOST = 9_007_199_254_740_991;

/** Numbers the messages of one direction, from 1. */
const n = integer(1, MOST);
/** The last number that was taken; 0 before the first. */
const seen = integer(0, MOST);
/** Names a call or a stream; made by Studio, and not used for another while the first is under way or unacked. */
const id = text(64);
/** 128 random bits in hex. */
const session = text(32);
const op = text(256);
const bytes = integer(0, MOST);

const ack = record({ t: choice("ack"), seen });
const beat = record({ t: choice("beat") });
/** `reason` is a word for a program, one of Bye; `detail` a sentence for a person. */
const bye = record({ t: choice("bye"), reason: text(64) }, { detail: text(4096) });

const problem = record(
  { code: text(64), detail: text(4096) },
  {
    at: text(LIMITS.pathBytes * 2),
    hash: text(64),
    status: integer(100, 999),
    /** A byte that is no text has become three. */
    body: text(LIMITS.errorBodyBytes * 3),
    retryAfterSeconds: bytes,
  },
);
const headers = list(record({ name: text(256), value: text(16_384) }), 256);

/** The headers of the link's messages from Studio to the daemon, by their `t`. */
const STUDIO = {
  hello: record({ t: choice("hello"), protocol: integer(1, 1000) }, { session, seen }),
  call: record({ t: choice("call"), n, id, op, input: anything() }),
  open: record({ t: choice("open"), n, id, op, input: anything(), credit: bytes }),
  send: record({ t: choice("send"), n, id }),
  credit: record({ t: choice("credit"), n, id, bytes }),
  close: record({ t: choice("close"), n, id }),
  ack,
  beat,
  bye,
};

/** The headers of the link's messages from the daemon to Studio, by their `t`. */
const DAEMON = {
  welcome: record({
    t: choice("welcome"),
    session,
    /** false: what the client had open in its session of before is lost. */
    resumed: flag(),
    seen,
    heartbeatMs: integer(1, 1_000_000),
  }),
  /** One of output and problem. A download's output is `{hash?}`, its bytes are the payload. */
  reply: record({ t: choice("reply"), n, id }, { output: anything(), problem }),
  opened: record({ t: choice("opened"), n, id, status: integer(100, 999), headers }),
  /** `part`: more of the same message follows. */
  data: record({ t: choice("data"), n, id }, { part: flag() }),
  closed: record({ t: choice("closed"), n, id }, { code: integer(1000, 4999), reason: text(123) }),
  problem: record({ t: choice("problem"), n, id, problem }),
  ack,
  beat,
  bye,
};

type HeaderOf<Table> = { [T in keyof Table]: Infer<Table[T]> }[keyof Table];
export type StudioHeader = HeaderOf<typeof STUDIO>;
export type DaemonHeader = HeaderOf<typeof DAEMON>;

/** The schemas of one direction. A map, because a `t` from the wire must find nothing that is inherited. */
export interface Headers<Header> {
  readonly schemas: ReadonlyMap<string, RecordSchema>;
  /** Only a type: what the schemas admit. */
  readonly header?: Header;
}

export const STUDIO_HEADERS: Headers<StudioHeader> = {
  schemas: new Map<string, RecordSchema>([
    ["hello", STUDIO.hello],
    ["call", STUDIO.call],
    ["open", STUDIO.open],
    ["send", STUDIO.send],
    ["credit", STUDIO.credit],
    ["close", STUDIO.close],
    ["ack", STUDIO.ack],
    ["beat", STUDIO.beat],
    ["bye", STUDIO.bye],
  ]),
};

export const DAEMON_HEADERS: Headers<DaemonHeader> = {
  schemas: new Map<string, RecordSchema>([
    ["welcome", DAEMON.welcome],
    ["reply", DAEMON.reply],
    ["opened", DAEMON.opened],
    ["data", DAEMON.data],
    ["closed", DAEMON.closed],
    ["problem", DAEMON.problem],
    ["ack", DAEMON.ack],
    ["beat", DAEMON.beat],
    ["bye", DAEMON.bye],
  ]),
};

/** Why a side says `bye`. `leaving` is Studio's own: it ends the session. A side that is silent or does not read is cut off without a bye. */
export type Bye =
  | "leaving"
  | "malformed"
  | "wrong-protocol"
  | "session-lost"
  | "taken-over"
  | "revoked"
  | "shutting-down";
