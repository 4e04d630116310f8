import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { eventually, type Scene, setScene } from "./plugin-scene.js";

let scene: Scene;
afterEach(() => scene.close());

/** Another plugin's stream clients: opened by the command bar, to a server that never answers. */
async function hog(count: number): Promise<{ free(): Promise<void>; close(): void }> {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await scene.studio.run(`_G.hogs = {}
    for index = 1, ${count} do
      _G.hogs[index] = game:GetService("HttpService"):CreateWebStreamClient(Enum.WebStreamClientType.RawStream,
        { Url = "http://127.0.0.1:${port}/" .. index })
    end`);
  return {
    free: async () => void (await scene.studio.run("table.remove(_G.hogs):Close()")),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A long poll that is under way ends by itself. */
const noPolls = () =>
  eventually(
    "no request is open",
    async () => ((await scene.studio.stats()).openRequests === 0 ? true : undefined),
    40,
  );

const works = async (name: string) => {
  writeFileSync(scene.path(name), "");
  await scene.see(name, 20);
};

test.each([6, 4])(
  "where others hold all %i clients, requests do; once one is free, the link is there, and no request any more",
  async (streamClients) => {
    scene = await setScene({ files: { "a.luau": "return 1\n" }, switches: { streamClients } });
    const others = await hog(streamClients);
    try {
      await scene.pair();
      await scene.see(/^By requests\. Studio has no stream client left\./);
      await scene.open("a.luau");
      await scene.see("Same as on disk");
      await works("b.luau");
      await others.free();
      await scene.see("Over the link", 15);
      // At once, not after the 25 s that the poll may still have to go.
      await scene.click("Streams");
      await scene.see("Changes in place", 3);
      await scene.click("Files");
      await works("c.luau");
      const { streamClients: clients } = await scene.studio.stats();
      expect(clients.filter(({ url }) => url.endsWith("/v1/link"))).toMatchObject([{ state: "Open" }]);
      await noPolls();
      const { requestsMade } = await scene.studio.stats();
      await works("d.luau");
      expect((await scene.studio.stats()).requestsMade).toBe(requestsMade);
    } finally {
      others.close();
    }
  },
);

test("where Studio has no stream clients at all, requests do", async () => {
  scene = await setScene({ files: { "a.luau": "" }, switches: { profile: "server" } });
  await scene.pair();
  await scene.see(/^By requests\. .*WebStreamClient is not enabled in RCC/);
  await works("b.luau");
});

test("while the daemon is away, the link is down for the same reason as the session, and says no other", async () => {
  scene = await setScene({ files: { "a.luau": "" } });
  await scene.pair();
  await scene.see("Over the link");
  await scene.daemon().end("SIGKILL");
  await scene.see(/^Away, attempt [4-9]/, 20);
  await scene.click("Copy diagnosis");
  const diary = scene.studio.output().map(({ text }) => text);
  const downs = diary.join("\n").match(/(?<=link down, )[\w-]+/g) ?? [];
  expect(downs).not.toEqual([]);
  // Which of the two it is depends on what met the end of the daemon.
  expect(["connection-lost", "daemon-offline"]).toEqual(expect.arrayContaining(downs));
});
