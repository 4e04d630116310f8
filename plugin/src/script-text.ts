import { isPlainText } from "./utf8-text.js";
import { localProblem } from "./wire/problem.js";

const BOM = string.char(0xef, 0xbb, 0xbf);

interface Line {
  readonly content: string;
  readonly ending: string;
}

function count(text: string, pattern: string): number {
  return text.gsub(pattern, "")[1];
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (const [line, feed] of `${text}`.gmatch("([^\n]*)(\n?)")) {
    const whole = `${line}`;
    const returned = feed !== "" && whole.sub(-1) === "\r";
    lines.push({ content: returned ? whole.sub(1, -2) : whole, ending: `${returned ? "\r" : ""}${feed}` });
  }
  return lines;
}

/** A text without what Studio's editor may change on its own: its kind of line ends. */
function plain(text: string): string {
  return text.gsub("\r\n", "\n")[0];
}

/** Whether two texts say the same, their line ends aside. */
export function sameText(left: string, right: string): boolean {
  return plain(left) === plain(right);
}

/** The text of a file as a script can hold it, without a byte order mark; throws `binary-file` where it is not text. */
export function textIn(bytes: string): string {
  if (!isPlainText(bytes)) {
    throw localProblem("binary-file", `This is a binary file of ${bytes.size()} bytes.`);
  }
  return bytes.sub(1, 3) === BOM ? bytes.sub(4) : bytes;
}

/** Gives lines that both texts begin or end with the line ends they had, and the others the end that most had. */
function restoreMixed(original: string, edited: string): string {
  const before = linesOf(original);
  const after = linesOf(edited);
  const usual = count(original, "\r\n") * 2 > count(original, "\n") ? "\r\n" : "\n";
  const shorter = math.min(before.size(), after.size());
  let head = 0;
  while (head < shorter && before[head].content === after[head].content) head += 1;
  let tail = 0;
  const content = (lines: Line[], fromEnd: number) => lines[lines.size() - 1 - fromEnd].content;
  while (tail < shorter - head && content(before, tail) === content(after, tail)) tail += 1;
  return after
    .map((line, index) => {
      if (line.ending === "") return line.content;
      if (index < head) return line.content + (before[index].ending === "" ? usual : before[index].ending);
      const fromEnd = after.size() - 1 - index;
      const kept = fromEnd < tail ? before[before.size() - 1 - fromEnd].ending : usual;
      return line.content + (kept === "" ? usual : kept);
    })
    .join("");
}

/**
 * The bytes to save for an edited text, in the manner of the file it came from: with its byte order mark and its line
 * ends, whether Studio's editor kept them or turned them all into `\n`.
 */
export function bytesFor(original: string, edited: string): string {
  const mark = original.sub(1, 3) === BOM ? BOM : "";
  const returns = count(original, "\r\n");
  if (returns === 0) return mark + edited;
  if (returns === count(original, "\n")) return mark + plain(edited).gsub("\n", "\r\n")[0];
  if (edited.find("\r\n", 1, true)[0] !== undefined) return mark + edited;
  return mark + restoreMixed(original.sub(mark.size() + 1), edited);
}
