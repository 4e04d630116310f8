import type { ProblemCode } from "./problem.js";
import type { RecordSchema } from "./schema.js";

/**
 * One operation: what travels there, what travels back, and who may ask.
 * `call`: JSON to JSON by POST. `probe`: GET without input. `download`: JSON to bytes. `upload`: input in the query, bytes in the body, JSON back.
 */
export interface Operation {
  readonly form: "call" | "probe" | "download" | "upload";
  /** `none`: no token is asked for. `any`: every token. `operator`: only the daemon's own command line. */
  readonly scope: "none" | "any" | "operator" | "files:read" | "files:write";
  readonly input: RecordSchema;
  /** Of a download, the answer is bytes and this is empty. */
  readonly output: RecordSchema;
  /** One sentence for docs/protocol.md. */
  readonly does: string;
  /** The problems of its own; those of the gates and of any input come on top. */
  readonly problems: readonly ProblemCode[];
}
