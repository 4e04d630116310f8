import type { Files } from "../bridge/files.js";
import type { SearchedFile } from "../bridge/search.js";
import { textIn } from "../script-text.js";
import { localProblem } from "../wire/problem.js";
import { boundedLines, boundedText } from "./bounded-text.js";
import type { ToolInput } from "./tool-input.js";

/** Entries and matches that one call tells. */
const ENTRIES = 500;
const MATCHES = 100;
/** A larger file is not read: it has to be searched. */
const FILE_BYTES = 1024 * 1024;
const LINE_BYTES = 300;

/** The files of the roots, as a model sees them. Each rejects as `files` does. */
export interface FileTools {
  list(input: ToolInput<"list_files">): Promise<string>;
  read(input: ToolInput<"read_file">): Promise<string>;
  /** @param onStop is given how to end it early. */
  search(input: ToolInput<"search_files">, onStop: (stop: () => void) => void): Promise<string>;
}

export function createFileTools(files: Files): FileTools {
  return {
    async list({ root, path }) {
      if (root === undefined) {
        const roots = await files.roots();
        return boundedLines(roots.map(({ name, access }) => (access === "read" ? `${name} (read only)` : name)));
      }
      const { entries, after } = await files.list(root, path ?? "", { limit: ENTRIES });
      const lines = entries.map((entry) =>
        entry.kind === "folder" ? `${entry.path}/` : `${entry.path} (${entry.bytes} bytes)`,
      );
      return boundedLines(lines, after !== undefined);
    },
    async read({ root, path, from_line }) {
      const { bytes } = await files.stat(root, path);
      if (bytes > FILE_BYTES) throw localProblem("too-much", `It has ${bytes} bytes. Search it instead.`);
      return boundedText(textIn((await files.read(root, path)).bytes), from_line);
    },
    search({ pattern, root, include, regex }, onStop) {
      return new Promise((resolve, reject) => {
        const lines: string[] = [];
        const take = (found: SearchedFile) => {
          for (const { line, text } of found.matches) {
            lines.push(`${found.root}/${found.path}:${line}: ${text.sub(1, LINE_BYTES)}`);
          }
        };
        const search = files.search({
          query: {
            pattern,
            root,
            include: include === undefined ? undefined : [include],
            kind: regex === true ? "regex" : "literal",
            ignoreCase: true,
            most: MATCHES,
          },
          onFound: (found) => found.forEach(take),
          onEnd: ({ more }) => resolve(boundedLines(lines, more)),
          onProblem: reject,
        });
        onStop(() => {
          search.close();
          resolve("Stopped.");
        });
      });
    },
  };
}
