import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { within } from "../support/deadline.ts";
import { TOP } from "../support/sources.ts";

/** A script of ours run as npm runs it, until it ends. */
function run(script: string, args: readonly string[]) {
  const child = spawn(process.execPath, [join(TOP, script), ...args], {
    cwd: TOP,
    env: { ...process.env, INIT_CWD: TOP },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let text = "";
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      for (const look of waiting) look();
    });
  const code = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {
    child,
    text: () => text,
    code: () => within(20, `${script} ends`, code),
    says: (pattern: RegExp) =>
      within(
        20,
        `${script} says ${pattern}`,
        new Promise<string>((resolve) => {
          const look = () => {
            const found = pattern.exec(text);
            if (found === null) return;
            waiting.delete(look);
            resolve(found[1] ?? found[0]);
          };
          waiting.add(look);
          look();
        }),
      ),
  };
}

const answers = (url: string) =>
  fetch(url).then(
    (response) => response.status,
    () => "nobody",
  );

describe("npm run demo", () => {
  test.each(["SIGINT", "SIGTERM"] as const)("serves the page until %s, and leaves nothing", async (signal) => {
    const demo = run("test/demo/main.ts", []);
    const url = await demo.says(/Page: +(http:\S+)/);
    const folder = await demo.says(/Folder: (\S+)/);
    expect(await answers(url)).toBe(200);
    expect(existsSync(join(folder, "src"))).toBe(true);
    demo.child.kill(signal);
    expect(await demo.code()).toBe(0);
    expect(await answers(url)).toBe("nobody");
    expect(existsSync(join(folder, ".."))).toBe(false);
  });

  test("a second Ctrl-C does no harm", async () => {
    const demo = run("test/demo/main.ts", []);
    const folder = await demo.says(/Folder: (\S+)/);
    demo.child.kill("SIGINT");
    demo.child.kill("SIGINT");
    expect(await demo.code()).toBe(0);
    expect(existsSync(join(folder, ".."))).toBe(false);
  });

  test.each([["--theme", "Blue"], ["--port", "x"], ["--nonsense"]])("says how it is used at %s %s", async (...args) => {
    const demo = run("test/demo/main.ts", args);
    expect(await demo.code()).toBe(1);
    expect(demo.text()).toMatch(/--theme|nonsense/);
    expect(demo.text()).not.toMatch(/^ +at /m);
  });
});

describe("npm run studio", () => {
  test("shows any plugin, until Ctrl-C", async () => {
    const studio = run("test/studio/stand-in/cli.ts", ["dist/puente.rbxmx"]);
    const url = await studio.says(/(http:\S+)/);
    expect(await answers(url)).toBe(200);
    studio.child.kill("SIGINT");
    expect(await studio.code()).toBe(0);
    expect(await answers(url)).toBe("nobody");
  });

  test.each([
    ["without a plugin", [], /PLUGIN\.rbxmx/],
    ["with a file that is not there", ["nowhere.rbxmx"], /there is no file .*nowhere\.rbxmx/],
    ["with a bad port", ["dist/puente.rbxmx", "--port", "99999"], /--port/],
    ["with a bad theme", ["dist/puente.rbxmx", "--theme", "blue"], /--theme/],
  ])("%s it says what is wrong, without a stack", async (_what, args, says) => {
    const studio = run("test/studio/stand-in/cli.ts", args);
    expect(await studio.code()).toBe(1);
    expect(studio.text()).toMatch(says);
    expect(studio.text()).not.toMatch(/^ +at /m);
  });

  test("ends where its port is taken", async () => {
    const first = run("test/studio/stand-in/cli.ts", ["dist/puente.rbxmx"]);
    const { port } = new URL(await first.says(/(http:\S+)/));
    for (const script of ["test/studio/stand-in/cli.ts", "test/demo/main.ts"]) {
      const second = run(script, [...(script.includes("demo") ? [] : ["dist/puente.rbxmx"]), "--port", port]);
      expect(await second.code(), script).toBe(1);
      expect(second.text()).toContain("EADDRINUSE");
    }
  });

  test("goes on with a plugin that is no model", async () => {
    const folder = mkdtempSync(join(tmpdir(), "puente-test-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const broken = join(folder, "broken.rbxmx");
    writeFileSync(broken, "<not a model");
    const studio = run("test/studio/stand-in/cli.ts", [broken]);
    expect(await answers(await studio.says(/(http:\S+)/))).toBe(200);
    studio.child.kill("SIGINT");
    expect(await studio.code()).toBe(0);
  });
});
