import type { StateFolder } from "./state.js";

/** What a running daemon leaves in PUENTE_HOME for the command line of the same user. */
export interface Note {
  readonly url: string;
  readonly pid: number;
  /** A token of scope `operator`, good while this daemon runs. */
  readonly token: string;
}

const FOLDER = "run";

function fileOf(pid: number): string {
  return `${FOLDER}/${pid}.json`;
}

export function leaveNote(state: StateFolder, note: Note): { remove(): void } {
  state.remove(fileOf(note.pid)); // Of an earlier process that had this number and died.
  state.createJson(fileOf(note.pid), note);
  return { remove: () => void state.remove(fileOf(note.pid)) };
}

function isNote(value: unknown): value is Note {
  if (typeof value !== "object" || value === null) return false;
  const note = value as Record<string, unknown>;
  return typeof note["url"] === "string" && typeof note["pid"] === "number" && typeof note["token"] === "string";
}

/** The notes of the daemons that run; those of daemons that were killed are removed. */
export function readNotes(state: StateFolder, isAlive: (pid: number) => boolean): Note[] {
  const notes = state.names(FOLDER).map((file) => state.readJson(`${FOLDER}/${file}`));
  return notes.filter(isNote).filter((note) => {
    if (!isAlive(note.pid)) state.remove(fileOf(note.pid));
    return isAlive(note.pid);
  });
}
