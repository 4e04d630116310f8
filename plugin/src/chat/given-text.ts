import { asUtf8 } from "../utf8-text.js";
import type { Given } from "./kept-turn.js";

const WHAT = { script: "Script", file: "File", output: "Output", picture: "Picture" } as const;

/** A name on one line: an instance's may have line ends, and be no UTF-8. */
export function plainName(name: string): string {
  return asUtf8(name).gsub("%c", " ")[0];
}

/** A fence that is longer than any in the text. */
function fenceFor(text: string): string {
  let longest = 2;
  for (const [marks] of text.gmatch("`+")) longest = math.max(longest, `${marks}`.size());
  return "`".rep(longest + 1);
}

/** What was given with a question as the model reads it: its kind and name, and its text between fences. */
export function givenText({ kind, name, text, bytes }: Given): string {
  const title = `${WHAT[kind]} ${plainName(name)}`;
  if (kind === "picture") return `${title} is attached.`;
  if (text === undefined) return `${title}: its ${bytes} bytes are no longer kept.`;
  const fence = fenceFor(text);
  return `${title}:\n${fence}${kind === "script" ? "luau" : ""}\n${text}${text.sub(-1) === "\n" ? "" : "\n"}${fence}`;
}
