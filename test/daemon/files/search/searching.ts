import { onTestFinished, test } from "vitest";
import { createIgnore, DEFAULT_IGNORED } from "../../../../daemon/files/ignore.js";
import { createSearch, type Search } from "../../../../daemon/files/search/search.js";
import type { Input, Output } from "../../../../shared/contract/index.js";
import { within } from "../../../support/deadline.js";
import { NO_RIPGREP, ripgrepPath } from "../../../support/ripgrep.js";
import { searchWorker } from "../../../support/search-worker.js";
import { SIGNAL } from "../operations.js";

type Message = Output<"files/search">;
export type SearchInput = Input<"files/search">;

/** The name of each, its ripgrep, and whether it is there. */
export const ENGINES = [
  ["without ripgrep", undefined, true],
  [`with ripgrep${ripgrepPath === undefined ? ` (${NO_RIPGREP})` : ""}`, ripgrepPath, ripgrepPath !== undefined],
] as const;

/** A test that is skipped, and says why, where the engine is not there. */
export function testOf(isThere: boolean) {
  return test.extend<{ engine: undefined }>({
    engine: [
      async ({ skip }, use) => {
        skip(!isThere, NO_RIPGREP);
        await use(undefined);
      },
      { auto: true },
    ],
  });
}

export function searchIn(folders: { readonly [name: string]: string }, ripgrep: string | undefined): Search {
  const roots = Object.entries(folders).map(([name, folder]) => ({ name, folder, access: "read" as const }));
  const search = createSearch(
    roots,
    { denied: [], ignore: createIgnore(DEFAULT_IGNORED) },
    { worker: searchWorker, ...(ripgrep !== undefined && { ripgrep }) },
  );
  onTestFinished(() => within(5, "the end of the search", search.close()));
  return search;
}

export async function messagesOf(search: Search, input: SearchInput): Promise<Message[]> {
  const { body } = search.search(input, SIGNAL);
  const read = async () => {
    const messages: Message[] = [];
    for await (const message of body as AsyncIterable<string>) messages.push(JSON.parse(message));
    return messages;
  };
  return await within(20, `the search for ${input.pattern}`, read());
}
