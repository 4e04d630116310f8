import { expect, onTestFinished, test } from "vitest";
import { startDaemon, type TestDaemon } from "../../support/daemon.js";
import { within } from "../../support/deadline.js";
import { createLinkClient } from "../../support/link-client.js";
import { tempRoot } from "../../support/temp-root.js";
import { sha256 } from "./watching.js";

interface Told {
  readonly cursor: string;
  readonly changes: readonly { path: string; kind: string; hash?: string }[];
  readonly overflow?: boolean;
}

async function daemonOf(folder: string): Promise<TestDaemon> {
  const daemon = await startDaemon([{ name: "place", folder, access: "write" }]);
  onTestFinished(() => daemon.close());
  return daemon;
}

/** The events of an event stream, as name and data. */
async function* eventsOf(response: Response): AsyncGenerator<{ event: string; data: string }> {
  let text = "";
  for await (const bytes of response.body ?? []) {
    text += Buffer.from(bytes).toString();
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const lines = text.slice(0, end).split("\n");
      text = text.slice(end + 2);
      const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      yield { event: field("event") ?? "message", data: field("data") ?? "" };
    }
  }
}

test("over the link: the cursor of now, then each change as it comes, and from a cursor what came after it", async () => {
  const root = tempRoot({ "a.txt": "1" });
  const daemon = await daemonOf(root.folder);
  const link = createLinkClient({ port: daemon.port, token: daemon.token });
  onTestFinished(() => link.close());
  await link.connect();
  const told: Told[] = [];
  const onMessage = (message: Buffer) => told.push(JSON.parse(message.toString()));
  const stream = link.open("watch/stream", { root: "place" }, { onMessage });
  await expect.poll(() => told.length).toBe(1);
  expect(told[0]).toMatchObject({ changes: [] });
  root.put("a.txt", "2");
  await expect
    .poll(() => told.flatMap(({ changes }) => changes))
    .toEqual([{ path: "a.txt", kind: "changed", hash: sha256("2") }]);
  stream.close();
  expect((await within(2, "the end", stream.over)).problem).toBeUndefined();
  root.put("b.txt", "3");
  const later: Told[] = [];
  link.open(
    "watch/stream",
    { root: "place", since: told.at(-1)?.cursor },
    {
      onMessage: (message) => later.push(JSON.parse(message.toString())),
    },
  );
  await expect.poll(() => later.flatMap(({ changes }) => changes)).toMatchObject([{ path: "b.txt", kind: "added" }]);
  const overflowing: Told[] = [];
  link.open(
    "watch/stream",
    { root: "place", since: "nonsense" },
    {
      onMessage: (message) => overflowing.push(JSON.parse(message.toString())),
    },
  );
  await expect.poll(() => overflowing[0]).toMatchObject({ overflow: true, changes: [] });
});

test("over the link: no root, no scope, bad input", async () => {
  const daemon = await daemonOf(tempRoot().folder);
  const problemOf = async (token: string, input: unknown) => {
    const link = createLinkClient({ port: daemon.port, token });
    onTestFinished(() => link.close());
    await link.connect();
    return (await within(2, "the problem", link.open("watch/stream", input).over)).problem?.code;
  };
  expect(await problemOf(daemon.token, { root: "none" })).toBe("no-root");
  expect(await problemOf(daemon.token, { path: "" })).toBe("invalid-input");
  expect(await problemOf(daemon.createToken("writer", ["files:write"]), { root: "place" })).toBe("scope-missing");
});

test("over HTTP: an event stream of the same messages, that says why it ends", async () => {
  const root = tempRoot();
  const daemon = await daemonOf(root.folder);
  const response = await daemon.call("watch/stream", { root: "place" });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const events = eventsOf(response);
  const next = async () => (await within(5, "an event", events.next())).value;
  expect(JSON.parse((await next())?.data ?? "")).toMatchObject({ changes: [] });
  root.put("a.txt", "1");
  expect(JSON.parse((await next())?.data ?? "")).toMatchObject({ changes: [{ path: "a.txt", kind: "added" }] });
  void daemon.close();
  const last = await next();
  expect(last?.event).toBe("problem");
  expect(JSON.parse(last?.data ?? "")).toMatchObject({ code: "shutting-down" });
  expect((await within(5, "the end", events.next())).done).toBe(true);
});

test("over HTTP: a problem before the first message is an answer of its own", async () => {
  const daemon = await daemonOf(tempRoot().folder);
  const response = await daemon.call("watch/stream", { root: "none" });
  expect([response.status, await response.json()]).toMatchObject([404, { code: "no-root" }]);
});
