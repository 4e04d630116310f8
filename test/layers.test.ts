import { expect, test } from "vitest";
import { type Source, sourcesIn } from "./support/sources.js";

const shared = sourcesIn("shared");
const daemon = sourcesIn("daemon");
const plugin = sourcesIn("plugin/src");
const all = [...shared, ...daemon, ...plugin];

const KERNELS = ["http", "upstream", "link"];
const FEATURES = ["files", "watch", "session", "relay", "llm"];

/** Every import that `isAllowed` refuses, as "importer -> imported". */
function offences(sources: readonly Source[], isAllowed: (imported: string, importer: Source) => boolean): string[] {
  return sources.flatMap((source) =>
    source.imports
      .filter((imported) => !isAllowed(imported, source))
      .map((imported) => `${source.path} -> ${imported}`),
  );
}

/** The files that hold a pattern, sorted. */
function holders(sources: readonly Source[], pattern: RegExp): string[] {
  return sources
    .filter(({ text }) => pattern.test(text))
    .map(({ path }) => path)
    .sort();
}

const isOurs = (imported: string) => /^(shared|daemon|plugin|test|bench)\//.test(imported);
const roomOf = (path: string) => (path.split("/").length > 2 ? path.split("/")[1] : undefined);

test("the sources are found", () => {
  expect(shared.length).toBeGreaterThan(5);
  expect(daemon.length).toBeGreaterThan(20);
  expect(plugin.length).toBeGreaterThan(5);
  expect(all.flatMap(({ imports }) => imports).length).toBeGreaterThan(100);
});

test("shared imports only shared", () => {
  expect(offences(shared, (imported) => imported.startsWith("shared/"))).toEqual([]);
});

test("the daemon imports the daemon, shared, packages and Node", () => {
  expect(offences(daemon, (imported) => !isOurs(imported) || /^(daemon|shared)\//.test(imported))).toEqual([]);
});

test("the plugin imports the plugin, shared and @rbxts", () => {
  expect(offences(plugin, (imported) => /^(plugin|shared)\/|^@rbxts\//.test(imported))).toEqual([]);
});

test("the daemon's kernels import no feature", () => {
  const kernels = daemon.filter(({ path }) => KERNELS.includes(roomOf(path) ?? ""));
  expect(kernels.length).toBeGreaterThan(0);
  expect(offences(kernels, (imported) => !FEATURES.includes(roomOf(imported) ?? ""))).toEqual([]);
});

test("no feature imports another", () => {
  const features = daemon.filter(({ path }) => FEATURES.includes(roomOf(path) ?? ""));
  expect(features.length).toBeGreaterThan(0);
  const isOther = (imported: string, importer: Source) =>
    imported.startsWith("daemon/") &&
    FEATURES.includes(roomOf(imported) ?? "") &&
    roomOf(imported) !== roomOf(importer.path);
  expect(offences(features, (imported, importer) => !isOther(imported, importer))).toEqual([]);
});

test("only routes know the binding, and services know no HTTP", () => {
  const services = daemon.filter(({ path }) => FEATURES.includes(roomOf(path) ?? "") && !path.endsWith("/routes.ts"));
  expect(services.length).toBeGreaterThan(0);
  expect(offences(services, (imported) => !/^daemon\/http\/|^node:https?$|^hono/.test(imported))).toEqual([]);
});

test("nothing imports in a circle", () => {
  const imports = new Map(all.map(({ path, imports }) => [path, imports]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(" -> "));
    if (done.has(path) || trail.includes(path)) return;
    for (const imported of imports.get(path) ?? []) if (imports.has(imported)) visit(imported, [...trail, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  expect(circles).toEqual([]);
});

test.each([
  ["process is touched in main only", daemon, /(?<![\w.-])process\.|from "node:process"/, ["daemon/main.ts"]],
  [
    "the system's notices are asked for in the watcher only",
    daemon,
    /\bwatch\b[^;]*"node:fs"/,
    ["daemon/watch/watcher.ts"],
  ],
  ["servers are made in one file", daemon, /\bcreateServer\(/, ["daemon/http/server.ts"]],
  [
    "the command line and the upstreams alone speak to other sockets",
    daemon,
    /(?<![.\w])(?:request|fetch|createConnection)\(|\{[^}]*\brequest as |new WebSocket\(/,
    ["daemon/cli/client.ts", "daemon/upstream/dial.ts", "daemon/upstream/request.ts"],
  ],
  [
    "WebSockets are taken in two files",
    daemon,
    /new WebSocketServer\(/,
    ["daemon/http/accept.ts", "daemon/link/link.ts"],
  ],
  [
    "few files reach the disk (types of it may be named anywhere)",
    daemon,
    /^(?:import|export) (?!type\b)[^;]*"(?:node:)?fs(?:\/promises)?"|\b(?:import|require)\(\s*"(?:node:)?fs\b/m,
    [
      "daemon/cli/plugin.ts",
      "daemon/cli/ripgrep.ts",
      "daemon/cli/studio-folder.ts",
      "daemon/config.ts",
      "daemon/credential.ts",
      "daemon/files/leaf.ts",
      "daemon/files/new-file.ts",
      "daemon/files/record.ts",
      "daemon/files/sandbox.ts",
      "daemon/files/segments.ts",
      "daemon/files/temps.ts",
      "daemon/files/walk-linux.ts",
      "daemon/files/walk-portable.ts",
      "daemon/http/holder.ts",
      "daemon/state.ts",
      "daemon/watch/watcher.ts",
    ],
  ],
  [
    "programs are started in two files",
    daemon,
    /"node:child_process"/,
    ["daemon/cli/plugin.ts", "daemon/files/search/ripgrep.ts"],
  ],
  ["threads are started in one file", daemon, /new Worker\(/, ["daemon/files/search/crew.ts"]],
  ["the system is asked for in two files", daemon, /"node:os"/, ["daemon/files/system.ts", "daemon/main.ts"]],
  ["RequestAsync is called in one file", plugin, /\.RequestAsync\(/, ["plugin/src/wire/call.ts"]],
  [
    "CreateWebStreamClient is called in one file",
    plugin,
    /\.CreateWebStreamClient\(/,
    ["plugin/src/wire/stream-clients.ts"],
  ],
  ["`plugin` is named in the composition root only", plugin, /\bplugin\./, ["plugin/src/main.server.ts"]],
] as const)("%s", (_rule, sources, pattern, expected) => {
  expect(holders(sources, pattern)).toEqual(expected);
});

test("a file stays one thing: none over 250 lines, half of them at most 80", () => {
  const lines = all.map(({ path, text }) => ({ path, count: text.split("\n").length }));
  expect(lines.filter(({ count }) => count > 250)).toEqual([]);
  const counts = lines.map(({ count }) => count).sort((a, b) => a - b);
  expect(counts[Math.floor(counts.length / 2)]).toBeLessThanOrEqual(80);
});
