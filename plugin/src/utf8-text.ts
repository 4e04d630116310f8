/** Whether bytes are UTF-8. */
export function isUtf8(bytes: string): boolean {
  return typeIs(utf8.len(bytes)[0], "number");
}

/** Whether they go through Studio as they are: UTF-8, and no NUL, at which some text ends. */
export function isPlainText(bytes: string): boolean {
  return isUtf8(bytes) && bytes.find("\0", 1, true)[0] === undefined;
}

/** The text as UTF-8: a byte that is none becomes U+FFFD. */
export function asUtf8(text: string): string {
  const parts: string[] = [];
  let at = 1;
  while (true) {
    const [length, wrong] = utf8.len(text, at) as LuaTuple<[number | undefined, number?]>;
    if (length !== undefined || wrong === undefined) return parts.isEmpty() ? text : parts.join("") + text.sub(at);
    parts.push(text.sub(at, wrong - 1), "\u{FFFD}");
    at = wrong + 1;
  }
}

/** How many bytes of a text, at most so many, are whole characters. */
export function wholeCharacters(text: string, most: number): number {
  if (text.size() <= most) return text.size();
  let bytes = most;
  // A byte that goes on with a character: the cut is in the middle of one.
  while (bytes > 0 && text.byte(bytes + 1)[0] >= 0x80 && text.byte(bytes + 1)[0] < 0xc0) bytes -= 1;
  return bytes;
}
