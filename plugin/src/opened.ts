import type { Settings } from "./credentials.js";

/** The name of the plugin's setting. */
const OPENED = "opened";
/** How many scripts are remembered; the oldest are forgotten first. */
const MOST = 500;

/**
 * Which scripts this machine opened. A place comes from others and may hold scripts made to look like edited files, with
 * a button that would write them to this disk: only a script whose mark is remembered here is taken for one of ours.
 * A mark names the file, so that it cannot be moved to another. It does not protect against people who may edit the
 * place: what they change in a script of ours is an edit like any other.
 */
export interface Opened {
  remember(mark: string): void;
  knows(mark: string): boolean;
}

function readMarks(settings: Settings): string[] {
  const kept = settings.get(OPENED);
  return typeIs(kept, "table") ? (kept as defined[]).filter((mark): mark is string => typeIs(mark, "string")) : [];
}

/** `settings` are such that come back as they were. */
export function createOpened(settings: Settings): Opened {
  const known = new Set(readMarks(settings));
  return {
    remember(mark) {
      known.add(mark);
      // Read anew: another Studio of this machine may have written since.
      const marks = readMarks(settings);
      marks.push(mark);
      while (marks.size() > MOST) marks.shift();
      settings.set(OPENED, marks);
    },
    knows(mark) {
      return known.has(mark);
    },
  };
}
