import { Readable } from "node:stream";
import { LIMITS } from "../../../shared/protocol.js";
import { fail } from "../../fail.js";
import type { OpenStream } from "../../stream.js";
import type { Ignore } from "../ignore.js";
import { createSandbox, type Root } from "../sandbox.js";
import { type Course, goesOn, searchRoot } from "./course.js";
import { createCrew } from "./crew.js";
import { createFindings } from "./findings.js";
import { parseChoice, parsePattern, type SearchInput } from "./pattern.js";

/** What is not searched. */
export interface Exceptions {
  /** Absolute folders that are never served. */
  readonly denied: readonly string[];
  /** What is passed over unless somebody asks for it. */
  readonly ignore: Ignore;
}

/** What a search needs of the machine. */
export interface Tools {
  /** The bundle that the threads of a search run. */
  readonly worker: string;
  /** Absolute; absent where there is none. The threads then walk themselves. */
  readonly ripgrep?: string;
}

export interface Search {
  /** What is found, as a stream of messages, until the signal is aborted or the stream destroyed. Fails with the problems of the contract. */
  search(input: SearchInput, signal: AbortSignal): OpenStream;
  /** Ends every search. */
  close(): Promise<void>;
}

/** Matches that are told where nobody says how many. */
const MOST = 1000;

export function createSearch(
  roots: readonly Root[],
  { denied, ignore }: Exceptions,
  { worker, ripgrep }: Tools,
): Search {
  const sandbox = createSandbox(roots, denied);
  const crew = createCrew(worker);
  const ended = new AbortController();
  let underWay = 0;

  /** The roots to search. Fails where the path leads to no folder. */
  function placesOf({ root, path = "" }: SearchInput): readonly Root[] {
    if (root === undefined && path !== "") fail("invalid-input", "path: goes with a root", { at: "path" });
    const names = root === undefined ? sandbox.roots.map(({ name }) => name) : [root];
    return names.map((name) => {
      const visit = sandbox.enter(name);
      try {
        visit.folder(visit.names(path));
        return visit.root;
      } finally {
        visit.close();
      }
    });
  }

  async function run(course: Course, places: readonly Root[]): Promise<void> {
    underWay += 1;
    try {
      for (const root of places) if (goesOn(course)) await searchRoot(course, root, crew, ripgrep);
      course.findings.end();
    } catch (error) {
      course.findings.end(error);
    } finally {
      underWay -= 1;
    }
  }

  async function* tell({ findings, done, tooSlow }: Course, signal: AbortSignal): AsyncGenerator<string> {
    for (let files = await findings.next(); files !== undefined; files = await findings.next()) {
      yield `{"files":[${files.join(",")}]}`;
    }
    signal.throwIfAborted();
    if (ended.signal.aborted) fail("shutting-down", "The daemon is ending.");
    yield JSON.stringify({ files: [], done: { ...done, ...(tooSlow.length > 0 && { tooSlow }) } });
  }

  return {
    search(input, signal) {
      if (ended.signal.aborted) fail("shutting-down", "The daemon is ending.");
      const pattern = input.kind === "glob" ? undefined : parsePattern(input);
      parseChoice(input);
      const places = placesOf(input);
      if (underWay >= LIMITS.searches) fail("too-many-searches", `${LIMITS.searches} searches are under way.`);
      const left = new AbortController();
      const course: Course = {
        input,
        pattern,
        denied,
        ignored: input.ignore === "none" || ignore.hides(input.path ?? "", "folder") ? [] : ignore.patterns,
        findings: createFindings(),
        signal: AbortSignal.any([signal, ended.signal, left.signal]),
        left: input.most ?? MOST,
        done: { more: false, notText: 0 },
        tooSlow: [],
      };
      course.signal.addEventListener("abort", () => course.findings.end(), { once: true });
      void run(course, places);
      const body = Readable.from(tell(course, signal), { highWaterMark: 1 });
      body.once("close", () => left.abort());
      return { status: 200, headers: [], body };
    },
    async close() {
      ended.abort();
      await crew.close();
    },
  };
}
