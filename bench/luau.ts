import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "./sources.ts";
import { type Costs, measured, measuring } from "./luau-events.ts";
import { median, printTable } from "./table.ts";

const { authorsPlugin } = await import("../test/studio/authors-plugin.ts");
const { startStudio } = await import("../test/studio/stand-in/index.ts");

const STREAMS = [1, 10, 50] as const;
const EVENTS = 10_000;
const RUNS = 11;

/** Medians, microseconds an event. */
async function measure(): Promise<Map<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), "puente-bench-"));
  const plugin = join(folder, "author.rbxmx");
  writeFileSync(plugin, authorsPlugin());
  const studio = await startStudio({ plugins: [plugin], switches: { scriptTimeoutSeconds: 60 } });
  try {
    await studio.run(measuring(EVENTS));
    const runs: Costs[] = [];
    for (let run = 0; run <= RUNS; run += 1) {
      const costs = await studio.run<Costs>(measured(STREAMS));
      if (run > 0) runs.push(costs); // The first warms the processor and Luau's memory.
    }
    return new Map(
      Object.keys(runs[0] ?? {}).map((name) => [name, median(runs.map((costs) => costs[name] ?? Number.NaN))]),
    );
  } finally {
    await studio.close();
    rmSync(folder, { recursive: true });
  }
}

/** One event in the plugin's Luau: the link's part of it, the floor under it, and whether it grows with the streams. */
export async function benchLuau(): Promise<void> {
  const costs = await measure();
  const cost = (name: string) => costs.get(name) ?? Number.NaN;
  const us = (name: string) => `${cost(name).toFixed(2)} µs`;
  const ratio = (name: string, rival: string) => (cost(name) / cost(rival)).toFixed(2);
  const growing = (says: string, name: string, target = "") => [
    says,
    ...STREAMS.map((streams) => us(`${name} ${streams}`)),
    ratio(`${name} ${STREAMS[2]}`, `${name} ${STREAMS[0]}`),
    target,
  ];
  printTable(
    `Luau: one event of 40 bytes over the link, medians of ${RUNS} runs of ${EVENTS} events, by streams open`,
    [
      ["", ...STREAMS.map(String), "50 to 1", "target"],
      growing("message to connected handler", "whole", "≤ 1.10"),
      growing("floor: JSONDecode and Fire alone", "floor"),
      ["message to floor", ...STREAMS.map((streams) => ratio(`whole ${streams}`, `floor ${streams}`)), "", ""],
      growing("the plugin's own: JSON ready, no Fire", "own", "≤ 1.10"),
    ],
  );
  printTable("Luau: what it is made of, one stream", [
    ["", "an event"],
    ["JSONDecode of the header (Luau here, native in Studio)", us("json")],
    ["Fire to one handler (Luau here, native in Studio)", us("fire")],
    ["decodeLinkFrame, JSON ready", us("decode")],
    ["its find and sub alone", us("cut")],
  ]);
  printTable("Luau: events of 40 bytes of an SSE stream, out of its re-framer", [
    ["", "an event", "to find and sub"],
    ["one event a read", us("events single"), ratio("events single", "find")],
    ["reads of 16 KiB", us("events large"), ratio("events large", "find")],
    ["find of the blank line and sub alone", us("find"), ""],
  ]);
  console.log(
    "\n  On luau-web, Luau's interpreter in WASM, without native code; signals immediate; the WebSocket is a Luau table.",
  );
}
