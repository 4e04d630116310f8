import { wholeCharacters } from "../utf8-text.js";

/** What one call of a tool tells at most. */
const RESULT_BYTES = 32 * 1024;

/** As much of the lines, from a line on, as one result holds, and how to go on. */
export function boundedText(text: string, fromLine = 1): string {
  let at = 1;
  for (let line = 1; line < fromLine; line++) {
    const [ending] = text.find("\n", at, true);
    if (ending === undefined) return `It has only ${line} lines.`;
    at = ending + 1;
  }
  if (text.size() - at < RESULT_BYTES) return text.sub(at);
  const head = text.sub(at, at + wholeCharacters(text.sub(at, at + RESULT_BYTES), RESULT_BYTES) - 1);
  const last = head.match("^.*()\n")[0] as number | undefined;
  if (last === undefined) return `${head}\n[A longer line is cut here.]`;
  const shown = head.sub(1, last);
  const following = fromLine + shown.gsub("\n", "")[1];
  return `${shown}[More follows: ask again with from_line ${following}.]`;
}

/** As many of the lines as one result holds; what is left out is counted. */
export function boundedLines(lines: readonly string[], more = false): string {
  const shown: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    bytes += line.size() + 1;
    if (bytes > RESULT_BYTES) break;
    shown.push(line);
  }
  const left = lines.size() - shown.size();
  if (left > 0) shown.push(`[${left} more lines are left out: ask for less.]`);
  else if (more) shown.push("[There is more: ask for less.]");
  return shown.isEmpty() ? "Nothing." : shown.join("\n");
}
