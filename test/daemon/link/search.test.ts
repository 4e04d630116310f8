import { writeFileSync } from "node:fs";
import { platform } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Root } from "../../../daemon/files/files.js";
import type { Output } from "../../../shared/contract/index.js";
import { LIMITS } from "../../../shared/protocol.js";
import { within } from "../../support/deadline.js";
import { type ClientStream, createLinkClient, type LinkClient } from "../../support/link-client.js";
import { type LinkHost, startLinkHost } from "../../support/link-host.js";
import { tempRoot } from "../../support/temp-root.js";

/** A file of these has more to tell than a search keeps for a reader who does not read. */
const LINES = `${"x".padEnd(200)}\n`.repeat(1000);
const LONG = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`${index}.txt`, LINES]));
const EVERYTHING = { pattern: "x", context: LIMITS.searchContext, most: LIMITS.searchMatches };

async function hostOf(folder: string, ripgrep?: string): Promise<LinkHost> {
  const roots: Root[] = [{ name: "place", folder, access: "read" }];
  const host = await startLinkHost({ roots, ...(ripgrep !== undefined && { ripgrep }) });
  onTestFinished(() => host.close());
  return host;
}

async function linkTo({ port, token }: { readonly port: number; readonly token: string }): Promise<LinkClient> {
  const link = createLinkClient({ port, token });
  onTestFinished(() => link.close());
  await within(5, "welcome", link.connect());
  return link;
}

/** Begins a search that keeps its place until it is closed; undefined where there is no place. */
async function begin(link: LinkClient): Promise<ClientStream | undefined> {
  const first = Promise.withResolvers<true>();
  const stream = link.open("files/search", EVERYTHING, {
    credit: 100_000,
    byHand: true,
    onMessage: () => first.resolve(true),
  });
  const told = await within(10, "something of a search", Promise.race([first.promise, stream.over]));
  if (told === true) return stream;
  expect(told.problem?.code).toBe("too-many-searches");
  return undefined;
}

test("what it finds is told as it is found: a file that is written at the first message is still found", async () => {
  const root = tempRoot({ ...LONG, "z/": "" });
  const link = await linkTo(await hostOf(root.folder));
  const messages: Output<"files/search">[] = [];
  // Without more credit the search waits before it has come to the last folder.
  const search = link.open("files/search", EVERYTHING, {
    credit: 100_000,
    byHand: true,
    onMessage(message) {
      if (messages.length === 0) {
        root.put("z/late.txt", "x");
        search.grant(LIMITS.fileBytes);
      }
      messages.push(JSON.parse(message.toString()));
    },
  });
  expect(await within(20, "the end of the search", search.over)).not.toHaveProperty("problem");
  expect(messages.at(-1)?.done).toEqual({ more: false, notText: 0 });
  expect(messages.flatMap(({ files }) => files.map(({ path }) => path))).toContain("z/late.txt");
});

type Leave = (link: LinkClient, streams: readonly ClientStream[]) => Promise<unknown>;

const WAYS: readonly (readonly [string, Leave])[] = [
  [
    "its stream is closed",
    (_link, streams) => {
      for (const stream of streams) stream.close();
      return Promise.all(streams.map(({ over }) => over));
    },
  ],
  [
    "its session ends",
    (link) => {
      link.raw("not a message");
      return link.gone();
    },
  ],
];

/** Takes every place, leaves, and takes every place again: one is free once its thread and its ripgrep are. */
async function takeLeaveTake(host: LinkHost, leave: Leave): Promise<void> {
  const link = await linkTo(host);
  const other = await linkTo({ port: host.port, token: host.addToken(["all"]).text });
  const streams: ClientStream[] = [];
  for (let stream = await begin(link); stream !== undefined; stream = await begin(link)) streams.push(stream);
  expect(streams).toHaveLength(LIMITS.searches);
  expect(await begin(other)).toBeUndefined();
  await within(5, "the end of the streams", leave(link, streams));
  for (const place of streams.keys())
    await expect.poll(() => begin(other), { timeout: 5000, message: `place ${place}` }).toBeDefined();
  expect(await begin(other)).toBeUndefined();
}

test.each(WAYS)("a search in a thread ends once %s", async (_name, leave) => {
  await takeLeaveTake(await hostOf(tempRoot(LONG).folder), leave);
});

test.runIf(platform() === "linux").each(WAYS)("a search with a ripgrep ends once %s", async (_name, leave) => {
  const { folder, base } = tempRoot(LONG);
  const endless = join(base, "rg");
  writeFileSync(endless, "#!/bin/sh\necho ./0.txt\nexec sleep 600\n", { mode: 0o755 });
  await takeLeaveTake(await hostOf(folder, endless), leave);
});
