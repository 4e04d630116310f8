import { choice, type Infer, integer, list, number, record, text } from "../../../shared/schema.js";

const MOST_BYTES = 2 * 1024 * 1024;
const BYTES = integer(0, 9_007_199_254_740_991);
const TEXT = text(MOST_BYTES);
const NAME = text(8192);

/** What goes with a question. A picture is where it lies; all else has its text, unless that was too much to keep. */
const GIVEN = record(
  { kind: choice("script", "file", "output", "picture"), name: NAME, bytes: BYTES },
  { text: TEXT, root: NAME, path: NAME },
);

/** What a model has asked to be done, and what it was told. Without `result` it is not done. */
const CALL = record(
  { id: NAME, name: NAME, arguments: TEXT, subject: NAME },
  { state: choice("done", "failed", "accepted", "refused"), detail: TEXT, result: TEXT },
);

/** One thing said, as data. */
export const KEPT_TURN = record(
  { role: choice("user", "assistant"), text: TEXT },
  {
    attachments: list(GIVEN, 1000),
    model: NAME,
    reasoning: TEXT,
    calls: list(CALL, 1000),
    state: choice("done", "stopped", "failed"),
    trouble: TEXT,
    firstSeconds: number(0, 1e9),
    perSecond: number(0, 1e9),
    tokens: BYTES,
  },
);

export type KeptTurn = Infer<typeof KEPT_TURN>;
export type KeptCall = Infer<typeof CALL>;
export type Given = Infer<typeof GIVEN>;
