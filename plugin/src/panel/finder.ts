import { source } from "@rbxts/vide";
import type { Files } from "../bridge/files.js";
import type { Search, SearchEnd, SearchedFile, SearchQuery } from "../bridge/search.js";
import { explain } from "../wire/problem.js";

/** Matches that are taken in in one frame: what has come beyond that waits for the next. */
const MATCHES_A_FRAME = 80;
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

  /** Takes in as much as a frame has room for, and keeps the rest of a file with many matches. */
  function takeSome(): void {
    let room = MATCHES_A_FRAME;
    let taken = 0;
    for (const file of waiting) {
      const group = groupOf(file);
      const fits = math.min(room, file.matches.size());
      for (const index of $range(0, fits - 1)) {
        group.matches.push({ group, match: file.matches[index], count: 0, isFolded: false });
      }
      renew(group);
      matches += fits;
      // A file that is found by its name counts, too.
      room -= math.max(1, fits);
      if (fits < file.matches.size()) {
        waiting[taken] = { ...file, matches: file.matches.filter((_, index) => index >= fits) };
        break;
      }
      taken += 1;
      if (room <= 0) break;
    }
    waiting = waiting.filter((_, index) => index >= taken);
    if (waiting.isEmpty() || groups.size() + matches >= rows().size() * GROWTH) show();
    view({ ...view(), files: groups.size(), matches });
  }

  function drain(search: number): void {
    if (isDraining) return;
    isDraining = true;
    task.spawn(() => {
      while (search === current && !waiting.isEmpty()) {
        takeSome();
        task.wait();
      }
      isDraining = false;
      if (search !== current) {
        if (!waiting.isEmpty()) drain(current);
        return;
      }
      if (last === undefined) return;
      show();
      view({ ...view(), ...last });
    });
  }

  function finish(number: number, more: Partial<FinderView>): void {
    if (number !== current) return;
    search = undefined;
    last = more;
    drain(number);
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
          drain(mine);
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
