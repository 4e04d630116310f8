import { source } from "@rbxts/vide";
import type { Files } from "../bridge/files.js";
import type { Search, SearchEnd, SearchedFile, SearchQuery } from "../bridge/search.js";
import { overFrames } from "../over-frames.js";
import { explain } from "../wire/problem.js";

/** What one search asks for at most. */
const MOST_MATCHES = 5000;

/** How much more there must be than is shown for it to be shown: each time costs as much as all that is there. */
const GROWTH = 1.5;

export type Match = SearchedFile["matches"][number];

/** What was found in one file. */
interface Group {
  readonly root: string;
  readonly path: string;
  readonly matches: FoundRow[];
  isFolded: boolean;
  /** Its own row; a new one after each change. */
  head: FoundRow;
}

/** A file, or a match in the file. */
export interface FoundRow {
  readonly group: Group;
  readonly match?: Match;
  /** Of a file. */
  readonly count: number;
  readonly isFolded: boolean;
}

export interface FinderView {
  readonly stage: "resting" | "searching" | "done" | "cancelled" | "failed";
  readonly files: number;
  readonly matches: number;
  readonly outcome?: SearchEnd;
  /** Why it failed. */
  readonly trouble?: string;
}

/** The search of the panel. */
export interface Finder {
  readonly view: () => FinderView;
  readonly rows: () => readonly FoundRow[];
  /** Begins anew; what was found before goes. */
  start(query: SearchQuery): void;
  /** Ends the search; what was found stays. */
  cancel(): void;
  fold(group: Group): void;
}

export function createFinder(files: Files): Finder {
  const view = source<FinderView>({ stage: "resting", files: 0, matches: 0 });
  const rows = source<readonly FoundRow[]>([]);
  let groups: Group[] = [];
  let byPlace = new Map<string, Group>();
  let waiting: SearchedFile[] = [];
  let matches = 0;
  let search: Search | undefined;
  /** Counts the searches: what comes of any but the last is nobody's. */
  let current = 0;
  let isDraining = false;
  let last: Partial<FinderView> | undefined;

  function groupOf({ root, path }: SearchedFile): Group {
    const key = `${root}/${path}`;
    const known = byPlace.get(key);
    if (known !== undefined) return known;
    const made: Group = { root, path, matches: [], isFolded: false, head: undefined as never };
    groups.push(made);
    byPlace.set(key, made);
    return made;
  }

  function renew(group: Group): void {
    group.head = { group, count: group.matches.size(), isFolded: group.isFolded };
  }

  function show(): void {
    const list: FoundRow[] = [];
    for (const group of groups) {
      list.push(group.head);
      if (group.isFolded) continue;
      for (const row of group.matches) list.push(row);
    }
    rows(list);
  }

  /** Takes in what was found in one file. */
  function takeOne(file: SearchedFile): void {
    const group = groupOf(file);
    for (const match of file.matches) group.matches.push({ group, match, count: 0, isFolded: false });
    renew(group);
    matches += file.matches.size();
    if (waiting.isEmpty() || groups.size() + matches >= rows().size() * GROWTH) show();
    view({ ...view(), files: groups.size(), matches });
  }

  /** What has come, and then the end where that has come, too. */
  function drain(): void {
    if (isDraining) return;
    isDraining = true;
    overFrames(() => {
      const file = waiting.shift();
      if (file !== undefined) takeOne(file);
      isDraining = !waiting.isEmpty();
      if (isDraining) return false;
      if (last !== undefined) {
        // A cancel leaves rows that were not shown yet.
        if (file === undefined) show();
        view({ ...view(), ...last });
      }
      return true;
    });
  }

  function finish(number: number, more: Partial<FinderView>): void {
    if (number !== current) return;
    search = undefined;
    last = more;
    drain();
  }

  return {
    view,
    rows,
    start(query) {
      search?.close();
      current += 1;
      const mine = current;
      groups = [];
      byPlace = new Map();
      waiting = [];
      matches = 0;
      last = undefined;
      rows([]);
      view({ stage: "searching", files: 0, matches: 0 });
      search = files.search({
        query: { ...query, most: MOST_MATCHES },
        onFound: (found) => {
          if (mine !== current) return;
          for (const file of found) waiting.push(file);
          drain();
        },
        onEnd: (outcome) => finish(mine, { stage: "done", outcome }),
        onProblem: (problem) => finish(mine, { stage: "failed", trouble: explain(problem) }),
      });
    },
    cancel() {
      if (search === undefined) return;
      search.close();
      waiting = [];
      finish(current, { stage: "cancelled" });
    },
    fold(group) {
      group.isFolded = !group.isFolded;
      renew(group);
      show();
    },
  };
}
