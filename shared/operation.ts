import type { ProblemCode } from "./problem.js";
import type { RecordSchema } from "./schema.js";

/**
 * One operation: what travels there, what travels back, and who may ask.
 * `call`: JSON to JSON by POST. `probe`: GET without input. `download`: JSON to bytes. `upload`: input in the query, bytes in the body, JSON back.
 * `stream`: any method, bytes back as they come. `socket`: a WebSocket upgrade. Over HTTP the input of these two stands in the request itself; on the link it travels as it is written here.
 * `feed`: JSON to messages, each of them an output: an open stream of the link, or by POST an event stream.
 * `frames`: JSON to bytes as they come, lines of JSON with a payload behind each: an open stream of the link, or by POST.
 */
export interface Operation {
  readonly form: "call" | "probe" | "download" | "upload" | "stream" | "socket" | "feed" | "frames";
  /** `none`: no token is asked for. `any`: every token. `operator`: only the daemon's own command line. `relay`: `relay:<upstream>` of the upstream asked for, or `relay:*`. */
  readonly scope: "none" | "any" | "operator" | "files:read" | "files:write" | "relay" | "llm";
  readonly input: RecordSchema;
  /** Largest JSON of the input; LIMITS.jsonBytes if absent. */
  readonly inputBytes?: number;
  /** Of a download, of frames, a stream and a socket, the answer is bytes and this is empty. */
  readonly output: RecordSchema;
  /** Of a feed, the field of a message that over HTTP is the name of its event too; the message `end` is then the last event. */
  readonly events?: string;
  /** One sentence for docs/protocol.md. */
  readonly does: string;
  /** The problems of its own; those of the gates and of any input come on top. */
  readonly problems: readonly ProblemCode[];
}
