/** A line of more bytes is no fence: it need not be waited for. */
const MOST_BYTES = 200;
const LANGUAGE_BYTES = 40;

/** The line that opens a block of code: three or more of "`" or "~", and what follows them. */
export interface Fence {
  readonly mark: string;
  readonly length: number;
  /** Bytes of blanks before it; so many are taken off the lines of the block, too. */
  readonly indent: number;
  readonly language: string;
}

const MARKS = ["`", "~"];

/** The fence that a whole line opens, if it is one. */
export function openingFence(line: string): Fence | undefined {
  if (line.size() > MOST_BYTES) return undefined;
  for (const mark of MARKS) {
    const [blanks, marks, info] = line.match(`^([ \t]*)(${mark}${mark}${mark}+)(.*)$`) as LuaTuple<
      [string?, string?, string?]
    >;
    if (blanks === undefined || marks === undefined || info === undefined) continue;
    // ```code``` within a line is no fence.
    if (mark === "`" && info.find("`", 1, true)[0] !== undefined) return undefined;
    const language = `${info.match("^%s*([%w_+#.-]*)")[0] ?? ""}`.sub(1, LANGUAGE_BYTES);
    return { mark, length: marks.size(), indent: blanks.size(), language };
  }
  return undefined;
}

/** Whether a whole line closes the block that a fence has opened. */
export function isClosing(fence: Fence, line: string): boolean {
  const marks = line.match(`^[ \t]*(${fence.mark}+)[ \t]*$`)[0] as string | undefined;
  return marks !== undefined && marks.size() >= fence.length;
}

/** Whether the beginning of a line may become a fence that opens or, within a block, closes it. */
export function mayBeFence(fence: Fence | undefined, line: string): boolean {
  if (line.size() > MOST_BYTES) return false;
  if (fence !== undefined) return line.match(`^[ \t]*${fence.mark}*[ \t]*$`)[0] !== undefined;
  if (line.match("^[ \t]*`?`?$")[0] !== undefined || line.match("^[ \t]*~?~?$")[0] !== undefined) return true;
  return openingFence(line) !== undefined;
}
