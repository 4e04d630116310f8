/** Lines that differ: from `from` up to, not including, `to`; 0 is the first line. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** A place where two texts differ. */
export interface Hunk {
  readonly mine: Span;
  readonly theirs: Span;
}

/** Differences beyond which the middle of two texts is one hunk: it would say nothing to a person, and take long. */
const MOST_EDITS = 400;
/** Comparisons made in one frame. */
const STEPS_A_FRAME = 4000;
/** Alike lines between two hunks that are not worth a gap. */
const NEAR = 1;

/** The lines of a text without their ends. */
export function linesIn(text: string): string[] {
  return text.gsub("\r\n", "\n")[0].split("\n");
}

type Reached = Map<number, number>;

/** Myers' greedy search: how far down each diagonal a path with so many edits comes, for each number of edits. */
function search(mine: readonly string[], theirs: readonly string[], pause: () => void): Reached[] | undefined {
  const [height, width] = [mine.size(), theirs.size()];
  const reached: Reached = new Map([[1, 0]]);
  const steps: Reached[] = [];
  let count = 0;
  for (const edits of $range(0, math.min(MOST_EDITS, height + width))) {
    const before: Reached = new Map();
    for (const diagonal of $range(-edits - 1, edits + 1)) {
      const at = reached.get(diagonal);
      if (at !== undefined) before.set(diagonal, at);
    }
    steps.push(before);
    for (const diagonal of $range(-edits, edits, 2)) {
      const [down, right] = [reached.get(diagonal + 1) ?? -1, reached.get(diagonal - 1) ?? -1];
      let x = diagonal === -edits || (diagonal !== edits && right < down) ? down : right + 1;
      while (x < height && x - diagonal < width && mine[x] === theirs[x - diagonal]) {
        x += 1;
        count += 1;
      }
      reached.set(diagonal, x);
      count += 1;
      if (count >= STEPS_A_FRAME) {
        count = 0;
        pause();
      }
      if (x >= height && x - diagonal >= width) return steps;
    }
  }
  return undefined;
}

/** The lines that a shortest path leaves alike, from the last to the first: places in both. */
function alike(steps: readonly Reached[], height: number, width: number): [number, number][] {
  const matched: [number, number][] = [];
  let [x, y] = [height, width];
  for (let edits = steps.size() - 1; edits >= 0; edits--) {
    const reached = steps[edits];
    const diagonal = x - y;
    const [down, right] = [reached.get(diagonal + 1) ?? -1, reached.get(diagonal - 1) ?? -1];
    const from = diagonal === -edits || (diagonal !== edits && right < down) ? diagonal + 1 : diagonal - 1;
    const beforeX = reached.get(from) ?? 0;
    const beforeY = beforeX - from;
    while (x > math.max(0, beforeX) && y > math.max(0, beforeY)) {
      x -= 1;
      y -= 1;
      matched.push([x, y]);
    }
    if (edits > 0) [x, y] = [beforeX, beforeY];
  }
  return matched;
}

function append(hunks: Hunk[], mine: Span, theirs: Span): void {
  if (mine.from === mine.to && theirs.from === theirs.to) return;
  const last = hunks[hunks.size() - 1] as Hunk | undefined;
  if (last === undefined || mine.from - last.mine.to > NEAR) {
    hunks.push({ mine, theirs });
    return;
  }
  hunks[hunks.size() - 1] = {
    mine: { from: last.mine.from, to: mine.to },
    theirs: { from: last.theirs.from, to: theirs.to },
  };
}

/** Where two texts differ, in order. `pause` is called after a frame's work, and may wait for the next. */
export function differences(mine: readonly string[], theirs: readonly string[], pause: () => void): Hunk[] {
  const shorter = math.min(mine.size(), theirs.size());
  let head = 0;
  while (head < shorter && mine[head] === theirs[head]) head += 1;
  let tail = 0;
  const fromEnd = (lines: readonly string[]) => lines[lines.size() - 1 - tail];
  while (tail < shorter - head && fromEnd(mine) === fromEnd(theirs)) tail += 1;

  const middle = (lines: readonly string[]) => lines.filter((_, at) => at >= head && at < lines.size() - tail);
  const [left, right] = [middle(mine), middle(theirs)];
  const steps = search(left, right, pause);
  const matched = steps === undefined ? [] : alike(steps, left.size(), right.size());
  const hunks: Hunk[] = [];
  let [x, y] = [0, 0];
  const gapTo = (nextX: number, nextY: number) =>
    append(hunks, { from: head + x, to: head + nextX }, { from: head + y, to: head + nextY });
  for (let index = matched.size() - 1; index >= 0; index--) {
    const [nextX, nextY] = matched[index];
    gapTo(nextX, nextY);
    [x, y] = [nextX + 1, nextY + 1];
  }
  gapTo(left.size(), right.size());
  return hunks;
}

/** The text with the chosen side of each hunk. */
export function merged(
  mine: readonly string[],
  theirs: readonly string[],
  hunks: readonly Hunk[],
  isTheirs: (hunk: Hunk) => boolean,
): string {
  const lines: string[] = [];
  let at = 0;
  const copy = (from: readonly string[], begin: number, to: number) => {
    for (let index = begin; index < to; index++) lines.push(from[index]);
  };
  for (const hunk of hunks) {
    copy(mine, at, hunk.mine.from);
    const side = isTheirs(hunk) ? hunk.theirs : hunk.mine;
    copy(isTheirs(hunk) ? theirs : mine, side.from, side.to);
    at = hunk.mine.to;
  }
  copy(mine, at, mine.size());
  return lines.join("\n");
}
