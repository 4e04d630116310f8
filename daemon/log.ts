/** The daemon's log: one line an event, for a person, on standard error. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  /** Says that something failed that should not have; answers the id that the client was given. */
  fault(error: unknown): string;
}

/** Anything shaped like a token. No message is meant to hold one; this is the second lock. */
const TOKEN = /\b[0-9a-f]{16}\.[A-Za-z0-9_-]{43}/g;

export function createLog(write: (line: string) => void): Log {
  let faults = 0;
  const line = (level: string, message: string) =>
    write(`${new Date().toISOString()} ${level} ${message.replace(TOKEN, "<token>").replaceAll("\n", "\n  ")}\n`);
  return {
    info: (message) => line("info", message),
    warn: (message) => line("warn", message),
    fault(error) {
      faults += 1;
      const id = `fault-${faults}`;
      line("fault", `${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return id;
    },
  };
}
