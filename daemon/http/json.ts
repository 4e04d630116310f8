import { Utf8 } from "../utf8.js";

/** An answer's JSON, already in bytes. */
export class EncodedJson {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** As long as a usual answer, so that it need not be moved while it grows; the system gives memory only where it is written. */
const FIRST_BYTES = 4 * 1024 * 1024;

/**
 * A value as JSON, for answers that hold much text as Utf8. Such text is never decoded: each of its bytes is taken for
 * a character of Latin-1, which JSON leaves alone above U+007F, and written back as that byte.
 * Measured on 700 files of 3 KB: 12 µs a file, where decoding, stringifying and encoding took 30 µs.
 * For values without Utf8, JSON.stringify is faster.
 */
export function encodeJson(value: unknown): EncodedJson {
  let bytes = Buffer.allocUnsafe(FIRST_BYTES);
  let used = 0;
  /** What is still to be written, each character one byte. */
  let pending = "";

  function write(text: string): void {
    if (used + text.length > bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(bytes.length * 2, used + text.length));
      bytes.copy(larger, 0, 0, used);
      bytes = larger;
    }
    used += bytes.write(text, used, "latin1");
  }

  function append(part: unknown): void {
    if (part instanceof Utf8) {
      write(pending);
      pending = "";
      write(JSON.stringify(part.bytes.toString("latin1")));
    } else if (Array.isArray(part)) {
      pending += "[";
      for (const [index, item] of part.entries()) {
        if (index > 0) pending += ",";
        append(item);
      }
      pending += "]";
    } else if (typeof part === "object" && part !== null) {
      let separator = "{";
      for (const [name, field] of Object.entries(part)) {
        if (field === undefined) continue;
        pending += `${separator}${bytewise(JSON.stringify(name))}:`;
        separator = ",";
        append(field);
      }
      pending += separator === "{" ? "{}" : "}";
    } else pending += bytewise(JSON.stringify(part));
  }

  append(value);
  write(pending);
  return new EncodedJson(bytes.subarray(0, used));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
const ASCII = /^[\x00-\x7f]*$/;

/** The bytes of a text in UTF-8, each as one character. */
function bytewise(text: string): string {
  return ASCII.test(text) ? text : Buffer.from(text).toString("latin1");
}
