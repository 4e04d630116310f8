import type { Operation } from "../operation.js";
import { LIMITS } from "../protocol.js";
import { choice, flag, list, record, text } from "../schema.js";
import { hash, path, root } from "./files.js";

const change = record({ path, kind: choice("added", "changed", "removed", "moved") }, { hash, from: path });
const changes = record(
  { cursor: text(64), changes: list(change, LIMITS.changes) },
  { overflow: flag(), polling: flag() },
);
const input = record({ root }, { since: text(64), moves: flag(), echo: flag() });
const RULES =
  "What this token itself wrote through the daemon is not told to it; with `echo` it is, for clients that share a token. A rename is the old path removed and the new one added, in one answer; with `moves` it is one change, `moved` with the old path as `from`, and that of a folder stands for all below it too, but for what else changed there. `polling` means that the system tells of no changes, so that they are looked for and come seconds later.";

export const watch = {
  "watch/changes": {
    form: "call",
    scope: "files:read",
    input,
    output: changes,
    does: `Waits up to ${LIMITS.longPollSeconds} s for changes after the cursor \`since\`, one per path. Without \`since\` it answers the cursor of now. \`overflow\` means that changes were lost: list again. ${RULES}`,
    problems: ["no-root", "too-many-waits"],
  },
  "watch/stream": {
    form: "feed",
    scope: "files:read",
    input,
    output: changes,
    does: `Tells the changes after the cursor \`since\`, as soon as there are some, each message as \`watch/changes\` answers. Without \`since\` the first message holds the cursor of now. ${RULES}`,
    problems: ["no-root"],
  },
} as const satisfies { readonly [name: string]: Operation };
