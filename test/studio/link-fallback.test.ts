import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, test } from "vitest";
import { type Scene, setScene } from "./plugin-scene.js";

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

const works = async (name: string) => {
  writeFileSync(scene.path(name), "");
  await scene.see(name, 20);
};

test.each([6, 4])(
  "where others hold all %i clients, requests do; once one is free, the link is there",
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
      await works("c.luau");
    } finally {
      others.close();
    }
  },
  60_000,
);

test("where Studio has no stream clients at all, requests do", async () => {
  scene = await setScene({ files: { "a.luau": "" }, switches: { profile: "server" } });
  await scene.pair();
  await scene.see(/^By requests\. .*WebStreamClient is not enabled in RCC/);
  await works("b.luau");
}, 60_000);
