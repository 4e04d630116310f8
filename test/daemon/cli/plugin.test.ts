import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { XMLParser } from "fast-xml-parser";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MAIN, puente } from "../../support/cli.js";

let top: string;
let home: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "puente-plugin-"));
  home = join(top, "home");
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

/** The settings that an installed plugin has, found by reading the file as XML. */
function bakedIn(file: string): { url: string; token: string } {
  const parser = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === "Item" || name === "string" });
  type Item = { "@_class": string; Properties?: { string?: { "@_name": string; "#text"?: string }[] }; Item?: Item[] };
  const flat = (items: Item[]): Item[] => items.flatMap((item) => [item, ...flat(item.Item ?? [])]);
  const strings = flat((parser.parse(readFileSync(file, "utf8")) as { roblox: { Item: Item[] } }).roblox.Item)
    .filter((item) => item["@_class"] === "StringValue")
    .map((item) => new Map(item.Properties?.string?.map((entry) => [entry["@_name"], entry["#text"] ?? ""])));
  const baked = strings.filter((values) => values.get("Name") === "Baked");
  expect(baked).toHaveLength(1);
  return JSON.parse(baked[0]?.get("Value") ?? "");
}

const tokens = async () => (await puente(["token", "list"], { home })).stdout.trim().split("\n").filter(Boolean);

test("install bakes in a token of its own, a second install replaces it, uninstall revokes it", async () => {
  const plugins = join(top, "Plug & ins");
  expect(await puente(["plugin", "install", "--to", plugins, "--port", "40404"], { home })).toMatchObject({ code: 0 });
  const file = join(plugins, "Puente.rbxmx");
  const first = bakedIn(file);
  expect(first.url).toBe("http://127.0.0.1:40404");
  expect(first.token).toMatch(/^[0-9a-f]{16}\.[A-Za-z0-9_-]{43}$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await tokens()).toEqual([expect.stringContaining("\tfiles:read,files:write,llm\t")]);
  await puente(["plugin", "install", "--to", plugins], { home });
  expect(bakedIn(file).token).not.toBe(first.token);
  expect(await tokens()).toHaveLength(1);
  expect(await puente(["plugin", "uninstall", "--to", plugins], { home })).toMatchObject({ code: 0 });
  expect(existsSync(file)).toBe(false);
  expect(await tokens()).toEqual([]);
});

test("installs in two places have two tokens, and leave each other alone", async () => {
  const [one, two] = [join(top, "one"), join(top, "two")];
  await puente(["plugin", "install", "--to", one], { home });
  await puente(["plugin", "install", "--to", two], { home });
  expect(bakedIn(join(one, "Puente.rbxmx")).token).not.toBe(bakedIn(join(two, "Puente.rbxmx")).token);
  await puente(["plugin", "uninstall", "--to", one], { home });
  expect(await tokens()).toHaveLength(1);
  expect(existsSync(join(two, "Puente.rbxmx"))).toBe(true);
});

test.each([
  ["Wine", ".wine/drive_c/users/me/AppData/Local/Roblox"],
  [
    "Vinegar as a Flatpak",
    ".var/app/org.vinegarhq.Vinegar/data/vinegar/prefixes/studio/drive_c/users/me/AppData/Local/Roblox",
  ],
  ["Vinegar as a package", ".local/share/vinegar/prefixes/studio/drive_c/users/me/AppData/Local/Roblox"],
])("Studio under %s is found on Linux", async (_what, path) => {
  mkdirSync(join(home, path), { recursive: true, mode: 0o700 });
  const state = join(top, "state");
  const outcome = await puente(["plugin", "install"], { home: state, env: { HOME: home } });
  expect(outcome.stderr).toBe("");
  expect(bakedIn(join(home, path, "Plugins", "Puente.rbxmx")).url).toBe("http://127.0.0.1:27183");
});

test("the built command runs by its own name", () => {
  expect(readFileSync(MAIN, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test("two Studios are named, and one has to be chosen", async () => {
  for (const user of ["a", "b"])
    mkdirSync(join(home, `.wine/drive_c/users/${user}/AppData/Local/Roblox`), { recursive: true });
  const outcome = await puente(["plugin", "install"], { home: join(top, "state"), env: { HOME: home } });
  expect(outcome.code).toBe(1);
  expect(outcome.stderr).toMatch(/more than one Studio was found.*users\/a.*users\/b/);
});
