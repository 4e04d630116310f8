import { afterEach, describe, expect, test } from "vitest";
import { eventually } from "./plugin-scene.js";
import { type StreamsScene, setStreams } from "./streams-scene.js";

let scene: StreamsScene;
afterEach(() => scene.close());

/** Opens one of Studio's own clients to the origin; answers the problem's code, where there is one. */
const openDirect = (name: string) =>
  scene.run<string>(`
    local ok, thrown = pcall(bridge.openDirect, Type.RawStream, { Url = "${scene.origin.url}/${name}" })
    if not ok then _G.thrown = thrown return thrown.code end
    _G[${JSON.stringify(name)}] = watch(${JSON.stringify(name)}, thrown)
    return "open"`);

const serveAll = async (count: number) => {
  for (let index = 0; index < count; index += 1) {
    const { response } = await scene.origin.next();
    response.writeHead(200);
    response.write("here");
  }
};

describe("Studio's own clients, which the bridge counts", () => {
  test("the seventh is refused in words that name the holders, before Studio is asked", async () => {
    scene = await setStreams();
    await scene.linked();
    for (const name of ["a", "b", "c", "d", "e"]) expect(await openDirect(name)).toBe("open");
    await serveAll(5);
    await scene.hear(/^Message here/, "e");
    expect(await openDirect("f")).toBe("too-many-streams");
    const host = scene.origin.url.slice("http://".length);
    const stream = `a RawStream stream to ${host}`;
    expect(await scene.run("return _G.thrown.detail")).toBe(
      `Studio allows 6 stream clients at a time. Held by this plugin: the link, ${Array(5).fill(stream).join(", ")}.`,
    );
  });

  test("where Studio gives four, what it throws is the same problem", async () => {
    scene = await setStreams({ switches: { streamClients: 4 } });
    await scene.linked();
    for (const name of ["a", "b", "c"]) expect(await openDirect(name)).toBe("open");
    expect(await openDirect("d")).toBe("too-many-streams");
    expect(await scene.run("return _G.thrown.detail")).toMatch(
      /^Studio has no stream client left\. Held by this plugin: the link, /,
    );
  });

  test.each(["end", "Close"] as const)(
    "a client that has ended is counted no more; Studio frees its slot by %s",
    async (streamSlotFreedBy) => {
      scene = await setStreams({ switches: { streamClients: 2, streamSlotFreedBy } });
      await scene.linked();
      expect(await openDirect("a")).toBe("open");
      const { response } = await scene.origin.next();
      response.writeHead(200);
      response.end("bye");
      await scene.hear(/^Closed/, "a");
      expect(await openDirect("b")).toBe("open");
      expect(await scene.heard("a")).toHaveLength(3);
      await scene.run("_G.b:Close()");
      expect(await openDirect("c")).toBe("open");
    },
  );

  test.each(["Error", "ErrorThenClosed", "ClosedThenError"] as const)(
    "so is one that fails, by %s",
    async (streamFailure) => {
      scene = await setStreams({ switches: { streamClients: 2, streamFailure } });
      await scene.linked();
      expect(await openDirect("a")).toBe("open");
      (await scene.origin.next()).response.destroy();
      await scene.hear(streamFailure === "Error" ? /^Error/ : /^Closed/, "a");
      await eventually("the slot is free", async () => ((await openDirect("b")) === "open" ? true : undefined));
    },
  );

  test("closing the bridge, as unloading does, frees every client before it returns", async () => {
    scene = await setStreams({ switches: { streamSlotFreedBy: "Close" } });
    await scene.linked();
    expect(await openDirect("a")).toBe("open");
    await scene.run("_G.unloading:Fire()");
    expect(await scene.clients()).toEqual([]);
  });
});
