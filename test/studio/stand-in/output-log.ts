import type { OutputLine } from "./worker-link.ts";

const MOST_LINES = 10_000;

/** The newest 10,000 lines of the output; of those that it had to drop, the first line says how many there were. */
export function outputLog() {
  let lines: OutputLine[] = [];
  let dropped = 0;
  return {
    add(line: OutputLine): void {
      lines.push(line);
      if (lines.length < 2 * MOST_LINES) return;
      dropped += lines.length - MOST_LINES;
      lines = lines.slice(-MOST_LINES);
    },
    lines(): readonly OutputLine[] {
      const older = dropped + Math.max(0, lines.length - MOST_LINES);
      if (older === 0) return lines;
      return [{ kind: "info", text: `${older} earlier lines were left out` }, ...lines.slice(-MOST_LINES)];
    },
  };
}

/** A line as the worker posts it. */
export function outputLine(message: Record<string, unknown>): OutputLine {
  const line = { kind: message["level"] as OutputLine["kind"], text: String(message["text"]) };
  return typeof message["from"] === "string" ? { ...line, from: message["from"] } : line;
}
