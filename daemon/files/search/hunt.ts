import { LIMITS } from "../../../shared/protocol.js";
import { Failure } from "../../fail.js";
import type { Hashes } from "../hash-cache.js";
import { createIgnore, type Ignore } from "../ignore.js";
import { lookAt as lookUp } from "../leaf.js";
import type { Pace } from "../pace.js";
import { passing } from "../passing.js";
import { readWhole } from "../read.js";
import type { Root, Visit } from "../sandbox.js";
import { tour } from "../tour.js";
import type { Spot } from "../walk.js";
import { isText, linesOf, type Match, matchesIn, textOf } from "./lines.js";
import { type Pattern, parseChoice, type SearchInput } from "./pattern.js";
import type { SearchState } from "./state.js";

/** One root's part of a search, as it is sent to a worker. */
export interface Job {
  readonly root: Root;
  readonly denied: readonly string[];
  /** What is passed over, as patterns of .gitignore. */
  readonly ignored: readonly string[];
  readonly input: SearchInput;
  /** Absent for a glob: then only the path counts. */
  readonly pattern?: Pattern;
  /** How many matches may still be told. */
  readonly most: number;
  readonly memory: SharedArrayBuffer;
  /** Whether the paths to look at are sent, as ripgrep finds them; otherwise the worker walks itself. */
  readonly isFed: boolean;
  /** Of a walk: begin behind this path. */
  readonly after?: string;
  /** Of a walk: it ends with the first file in which something is found, and after so many files and folders; it counts nothing. */
  readonly early?: number;
  /** Paths that need no look any more. */
  readonly skip: ReadonlySet<string>;
}

/** What is told of a file: JSON of the contract, and how many matches are in it. */
export interface Told {
  readonly path: string;
  readonly json: string;
  readonly count: number;
}

/** Of what is told at once, about: little, so that the plugin can stop between two messages when its frame is full. */
export const TOLD_LETTERS = 2 * 1024;

/** What a search reads it reads once. */
const NO_HASHES: Hashes = { get: () => undefined, put() {} };

/** In a thread of its own nobody has to be let go first. */
const PACE: Pace = { isDue: () => false, rest: () => Promise.resolve() };

/**
 * Looks for a pattern in files that it opens through the sandbox itself, whoever has named them: ripgrep follows no
 * link, but between its walk and its reading a folder can be swapped for one. What is told is what is read here.
 */
export function createHunt(job: Job, visit: Visit, state: SearchState, tell: (told: Told) => void) {
  const { input, pattern } = job;
  const choice = parseChoice(input);
  const expression = pattern && new RegExp(pattern.source, pattern.flags);
  /** On a whole file this fits wherever the pattern fits on one of its lines, and rules most files out at once. */
  const anywhere = pattern && new RegExp(pattern.source, `${pattern.flags}m`);
  const from = visit.names(input.path ?? "");
  const passes = passing(visit, from, { ignore: createIgnore(job.ignored), hashes: NO_HASHES }, input.ignore);
  const hides: Ignore["hides"] = (path, kind) => choice.excludes(path) || passes(path, kind);
  const name = JSON.stringify(job.root.name);
  let left = job.most;
  let isFull = false;

  function tellOf(path: string, hash: string, matches: Iterable<Match>): void {
    let piece: string[] = [];
    let letters = 0;
    const end = () => {
      const json = `{"root":${name},"path":${JSON.stringify(path)},"matches":[${piece.join(",")}],"hash":"${hash}"}`;
      if (piece.length > 0) tell({ path, json, count: piece.length });
      piece = [];
      letters = 0;
    };
    for (const match of matches) {
      isFull = left === 0;
      if (isFull) break;
      left -= 1;
      const json = JSON.stringify(match);
      piece.push(json);
      letters += json.length;
      if (letters > TOLD_LETTERS) end();
    }
    end();
  }

  /** Tells what is found in a file. Answers what came of it. */
  async function lookAt(path: string, spot: Spot): Promise<Outcome> {
    if (!choice.includes(path) || job.skip.has(path)) return "nothing";
    if (expression === undefined || anywhere === undefined) {
      if (lookUp(spot)?.isFile() !== true) return "nothing";
      isFull = left === 0;
      if (!isFull) tell({ path, json: `{"root":${name},"path":${JSON.stringify(path)},"matches":[]}`, count: 1 });
      left -= 1;
      return "found";
    }
    const { bytes, hash } = await readWhole(spot, LIMITS.searchFileBytes, PACE);
    const text = textOf(bytes);
    state.begin(path);
    try {
      anywhere.lastIndex = 0;
      if (!anywhere.test(text)) return "nothing";
      const matches = matchesIn(linesOf(text), expression, input.context ?? 0);
      if (!isText(bytes)) return matches.next().done === true ? "nothing" : "not text";
      tellOf(path, hash, matches);
      return "found";
    } finally {
      state.finish();
    }
  }

  return {
    /** Whether there was more than may be told; nothing more needs to be looked at then. */
    isFull: () => isFull,
    /** Looks at one path that somebody has named. */
    async file(path: string): Promise<void> {
      const names = path.split("/");
      const isHidden = names.some((_name, depth) =>
        hides(names.slice(0, depth + 1).join("/"), depth === names.length - 1 ? "file" : "folder"),
      );
      if (isHidden) return;
      const outcome = await trying(async () => {
        const spot = visit.spot(path);
        return spot === undefined ? "nothing" : await lookAt(path, spot);
      });
      if (outcome === "not text") state.countNotText();
    },
    /** Looks at all that stands below the search's path. */
    async walk(): Promise<void> {
      const after = job.after?.split("/").slice(from.length) ?? [];
      const { early } = job;
      let looked = 0;
      for (const found of tour(visit, { from, depth: Number.POSITIVE_INFINITY, after, hides })) {
        if (isFull || !state.goesOn() || looked === early) return;
        looked += 1;
        if (found?.kind !== "other") continue;
        const outcome = await trying(() => lookAt(found.path, found.spot()));
        if (early !== undefined && outcome === "found") return;
        if (early === undefined && outcome === "not text") state.countNotText();
      }
    },
  };
}

export type Hunt = ReturnType<typeof createHunt>;

type Outcome = "found" | "nothing" | "not text";

/** What cannot be read, or is denied, or has gone, is passed over. */
async function trying(look: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return "nothing";
  }
}
