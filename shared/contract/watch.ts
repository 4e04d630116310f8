import type { Operation } from "../operation.js";
import { LIMITS } from "../protocol.js";
import { choice, flag, list, record, text } from "../schema.js";
import { hash, path, root } from "./files.js";

const changes = record(
  {
    cursor: text(64),
    changes: list(record({ path, kind: choice("added", "changed", "removed") }, { hash }), LIMITS.changes),
  },
  { overflow: flag() },
);

export const watch = {
  "watch/changes": {
    form: "call",
    scope: "files:read",
    input: record({ root }, { since: text(64) }),
    output: changes,
    does: `Waits up to ${LIMITS.longPollSeconds} s for changes after the cursor \`since\`, one per path. Without \`since\` it answers the cursor of now. \`overflow\` means that changes were lost: list again.`,
    problems: ["no-root", "too-many-waits"],
  },
  "watch/stream": {
    form: "feed",
    scope: "files:read",
    input: record({ root }, { since: text(64) }),
    output: changes,
    does: "Tells the changes after the cursor `since`, as soon as there are some, each message as `watch/changes` answers. Without `since` the first message holds the cursor of now.",
    problems: ["no-root"],
  },
} as const satisfies { readonly [name: string]: Operation };
