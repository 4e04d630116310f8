/** Some lines as one text, at most so many of them, and how many more there are. */
export function hunkLines(lines: readonly string[], from: number, to: number, most: number): string {
  const shown: string[] = [];
  for (let at = from; at < math.min(to, from + most); at++) shown.push(lines[at]);
  if (to - from > most) shown.push(`… ${to - from - most} more lines`);
  return shown.join("\n");
}
