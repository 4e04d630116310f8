/** Most names are, and need none of the care that the others do. */
export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
const ASCII = /^[\u0000-\u007f]*$/u;
