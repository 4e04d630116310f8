import { fail } from "../../fail.js";

/**
 * Reads a regular expression of the part that JavaScript and Rust have in common, and answers how Rust writes it, for
 * ripgrep. What only one of them has is refused, so that a search answers the same with and without ripgrep.
 *
 * Rust's form may fit more than JavaScript's, never less: it only says which files are worth a look. Where the two see
 * a thing differently (word boundaries, a byte order mark, bytes that are not UTF-8) it is the wider one.
 * Fails with `bad-pattern`.
 */
export function inRust(pattern: string): string {
  const letters = Array.from(pattern);
  let at = 0;

  function refuse(reason: string): never {
    return fail("bad-pattern", `${reason} (at letter ${at + 1}).`);
  }

  function takes(letter: string): boolean {
    if (letters[at] !== letter) return false;
    at += 1;
    return true;
  }

  function choices(depth: number): string {
    if (depth > MOST_DEPTH) refuse(`Groups are nested ${MOST_DEPTH} deep at most`);
    const ways = [sequence(depth)];
    while (takes("|")) ways.push(sequence(depth));
    return ways.join("|");
  }

  function sequence(depth: number): string {
    let out = "";
    while (at < letters.length && letters[at] !== "|" && letters[at] !== ")") {
      const [atom, isPlace] = one(depth);
      const times = repetition();
      if (times !== "" && isPlace) refuse("A place, such as ^ or \\b, cannot be repeated");
      out += atom + times;
    }
    return out;
  }

  /** An atom, and whether it is a place and takes no letter. */
  function one(depth: number): readonly [string, boolean] {
    const letter = letters[at] ?? "";
    at += 1;
    if (letter === "(") return [group(depth), false];
    if (letter === "[") return [classOf(), false];
    if (letter === ".") return [orByte("."), false];
    if (letter === "^") return [`(?:^${hex(BYTE_ORDER_MARK)}?)`, true];
    if (letter === "$") return ["(?:\\r?$)", true];
    if (letter === "\\") {
      if (takes("b") || takes("B")) return ["(?:)", true];
      const set = SETS[letters[at] ?? ""];
      if (set !== undefined) {
        at += 1;
        return [orByte(`[${set}]`), false];
      }
      return [letterOf(escaped()), false];
    }
    if ("*+?{}]".includes(letter)) {
      at -= 1;
      refuse(`${letter} stands for itself only as \\${letter}`);
    }
    return [letterOf(codeOf(letter)), false];
  }

  function group(depth: number): string {
    if (takes("?") && !takes(":")) refuse("Look-around, names of groups and flags are not taken");
    const inner = choices(depth + 1);
    if (!takes(")")) refuse("A group has no end");
    return `(?:${inner})`;
  }

  function repetition(): string {
    const letter = letters[at] ?? "";
    let times = "";
    if (letter !== "" && "*+?".includes(letter)) {
      at += 1;
      times = letter;
    } else if (letter === "{") {
      const counted = COUNTED.exec(letters.slice(at, at + 12).join(""));
      const [whole = "", least = "", , most] = counted ?? refuse("{ stands for itself only as \\{");
      if (Number(least) > MOST_TIMES || Number(most ?? 0) > MOST_TIMES) refuse(`At most ${MOST_TIMES} times`);
      if (most !== undefined && most !== "" && Number(most) < Number(least)) refuse("The larger count comes second");
      at += whole.length;
      times = whole;
    }
    if (times === "") return "";
    takes("?");
    if ("*+?{".includes(letters[at] ?? " ")) refuse("What is repeated already needs a group to be repeated");
    return times;
  }

  function classOf(): string {
    const isNegated = takes("^");
    let out = "";
    while (!takes("]")) {
      if (at >= letters.length) refuse("A class has no end");
      const from = member();
      if (typeof from === "string") {
        out += from;
        if (letters[at] === "-" && letters[at + 1] !== "]") refuse("A range goes from a letter to a letter");
        continue;
      }
      const isRange = letters[at] === "-" && letters[at + 1] !== "]";
      if (!isRange) out += hex(from);
      else {
        at += 1;
        const to = member();
        if (typeof to === "string" || to < from) refuse("A range goes from a letter to a later one");
        out += `${hex(from)}-${hex(to)}`;
      }
    }
    if (out === "") refuse("A class is empty");
    return orByte(isNegated ? `[^${out}]` : `[${out}]`);
  }

  /** A letter's code, or what a set such as \d stands for. */
  function member(): number | string {
    const letter = letters[at] ?? refuse("A class has no end");
    at += 1;
    if (letter === "[") refuse("[ stands for itself in a class only as \\[");
    if (letter !== "\\") {
      if ("&-~".includes(letter) && letters[at] === letter) refuse(`${letter}${letter} is not taken in a class`);
      return codeOf(letter);
    }
    const set = SETS[letters[at] ?? ""];
    if (set !== undefined) {
      at += 1;
      return set.startsWith("^") ? `[${set}]` : set;
    }
    return takes("-") ? codeOf("-") : escaped();
  }

  /** The code of what stands behind a backslash. */
  function escaped(): number {
    const letter = letters[at] ?? refuse("Nothing stands behind the last backslash");
    at += 1;
    const control = CONTROLS[letter];
    if (control !== undefined) return control;
    if (letter === "n") refuse(ONE_LINE);
    if ("^$\\.*+?()[]{}|/".includes(letter)) return codeOf(letter);
    const digits = (letter === "x" ? /^[0-9a-f]{2}/iu : /^(?:[0-9a-f]{4}|\{[0-9a-f]{1,6}\})/iu).exec(
      letters.slice(at, at + 8).join(""),
    )?.[0];
    if (digits === undefined || !"xu".includes(letter)) refuse(`\\${letter} is not taken`);
    at += digits.length;
    const code = Number.parseInt(digits.replace(/[{}]/gu, ""), 16);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) refuse("There is no such letter");
    if (code === LINE_END) refuse(ONE_LINE);
    return code;
  }

  if (letters.includes("\n")) refuse(ONE_LINE);
  const out = choices(0);
  if (at < letters.length) refuse("A group ends that was not begun");
  return out;
}

/** A text that stands for itself, as Rust writes it. */
export function literalInRust(text: string): string {
  return Array.from(text, (letter) => letterOf(codeOf(letter))).join("");
}

function codeOf(letter: string): number {
  return letter.codePointAt(0) ?? 0;
}

function hex(code: number): string {
  return `\\x{${code.toString(16)}}`;
}

function letterOf(code: number): string {
  return code === REPLACEMENT ? orByte(hex(code)) : hex(code);
}

/** Where a file is not UTF-8, JavaScript sees the letter U+FFFD for a byte that Rust has no letter for. */
function orByte(rust: string): string {
  return `(?:${rust}|(?-u:[\\x80-\\xFF]))`;
}

const ONE_LINE = "A search looks at one line at a time";
const MOST_DEPTH = 100;
const MOST_TIMES = 1000;
const BYTE_ORDER_MARK = 0xfeff;
const REPLACEMENT = 0xfffd;
const LINE_END = 0x0a;
const COUNTED = /^\{(\d{1,4})(,(\d{0,4}))?\}/u;
const CONTROLS: { readonly [letter: string]: number } = { t: 9, r: 13, f: 12, v: 11 };
/** JavaScript's sets, without the line's end; Rust's own hold other letters. */
const SPACES =
  "\\t\\x0B\\x0C\\r\\x20\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}";
const SETS: { readonly [letter: string]: string } = {
  d: "0-9",
  D: "^0-9",
  w: "0-9A-Za-z_",
  W: "^0-9A-Za-z_",
  s: SPACES,
  S: `^${SPACES}`,
};
