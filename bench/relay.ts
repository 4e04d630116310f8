import { readFileSync } from "node:fs";
import "./sources.ts";
import { openWays, type Way, type Ways } from "./relay-ways.ts";
import { printTable, quantile } from "./table.ts";

const { createLinkClient } = await import("../test/support/link-client.ts");

const STREAMS = 6;
const RATE = 200; // events a second and stream
const SECONDS = 5;
const BYTES = 512 * 1024 * 1024;
const EVENT_BYTES = 40;
const EVENTS = 1_000_000;
const ROUNDS = 3;
const LINKS = [1, 64];

/** Milliseconds from the origin's writing of an event until the client has its bytes. */
async function latencies(way: Way): Promise<number[]> {
  const samples: number[] = [];
  await Promise.all(
    Array.from({ length: STREAMS }, () => {
      let rest = "";
      return way.stream(`/paced?rate=${RATE}&seconds=${SECONDS}`, (bytes) => {
        const now = process.hrtime.bigint();
        rest += bytes.toString("latin1");
        for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
          const sent = /^data: (\d+)$/m.exec(rest.slice(0, end))?.[1];
          if (sent !== undefined) samples.push(Number(now - BigInt(sent)) / 1e6);
          rest = rest.slice(end + 2);
        }
      });
    }),
  );
  return samples;
}

/** Bytes a second of one stream. */
async function throughput(way: Way, path: string): Promise<number> {
  let bytes = 0;
  const begin = performance.now();
  await way.stream(path, (piece) => {
    bytes += piece.length;
  });
  return bytes / ((performance.now() - begin) / 1000);
}

/** The best of some rounds: what else the machine does only makes it slower. */
async function best(ways: readonly Way[], path: string): Promise<Map<Way, number>> {
  const found = new Map<Way, number>();
  for (let round = 0; round < ROUNDS; round++)
    for (const way of ways) found.set(way, Math.max(found.get(way) ?? 0, await throughput(way, path)));
  return found;
}

function residentBytes(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes ?? Number.NaN) * 1024;
}

async function benchLatency({ direct, nginx, raw, sse, link }: Ways): Promise<void> {
  const samples = new Map<Way, number[]>([direct, nginx, raw, sse, link].map((way) => [way, []]));
  for (let round = 0; round < ROUNDS; round++) for (const [way, all] of samples) all.push(...(await latencies(way)));
  const at = (way: Way, share: number) => quantile(samples.get(way) ?? [], share);
  const added = (way: Way, share: number) => at(way, share) - at(direct, share);
  const ratio = (way: Way, share: number) => (added(way, share) / added(nginx, share)).toFixed(2);
  printTable(`Relay: ${STREAMS} streams of ${RATE} events a second, ${ROUNDS} rounds of ${SECONDS} s`, [
    ["", "events", "p50", "p99", "added p50", "added p99", "to nginx p50", "to nginx p99", "target"],
    ...[...samples].map(([way, all]) => [
      way.name,
      `${all.length}`,
      ...[0.5, 0.99].map((share) => `${at(way, share).toFixed(3)} ms`),
      ...[0.5, 0.99].map((share) => `${added(way, share).toFixed(3)} ms`),
      ...(way === direct || way === nginx ? ["", "", ""] : [ratio(way, 0.5), ratio(way, 0.99), "≤ 1.0"]),
    ]),
  ]);
}

async function benchThroughput({ direct, nginx, raw, sse, link }: Ways): Promise<void> {
  const plain = await best([direct, nginx, raw], `/bytes?bytes=${BYTES}`);
  const mega = (way: Way) => (plain.get(way) ?? 0) / 1e6;
  printTable(`Relay: one raw stream of ${BYTES / 1024 / 1024} MiB, best of ${ROUNDS}`, [
    ["", "MB/s", "to nginx", "target"],
    ["direct", mega(direct).toFixed(0), "", ""],
    ["nginx", mega(nginx).toFixed(0), "", ""],
    ["Puente raw", mega(raw).toFixed(0), (mega(raw) / mega(nginx)).toFixed(2), "≥ 0.9"],
  ]);
  const small = await best([direct, nginx, sse, link], `/events?bytes=${EVENTS * EVENT_BYTES}`);
  const events = (way: Way) => (small.get(way) ?? 0) / EVENT_BYTES;
  const rounded = (way: Way) => Math.round(events(way)).toLocaleString("en");
  printTable(`Relay: events of ${EVENT_BYTES} bytes, as fast as they go, best of ${ROUNDS}`, [
    ["", "events/s", "to nginx", "target"],
    ["direct", rounded(direct), "", ""],
    ["nginx", rounded(nginx), "", ""],
    ["Puente SSE", rounded(sse), (events(sse) / events(nginx)).toFixed(2), "≥ 1.0"],
    ["Puente over the link", rounded(link), "", "≥ 50,000 events/s"],
  ]);
}

async function benchIdle({ daemonPid, port, tokens }: Ways): Promise<void> {
  const rows = [["links × 6 streams", "resident", "a stream"]];
  const links: ReturnType<typeof createLinkClient>[] = [];
  const before = residentBytes(daemonPid);
  for (const count of LINKS) {
    while (links.length < count) {
      // The first token has a link already.
      const token = tokens[1 + (links.length % (tokens.length - 1))] ?? "";
      const link = createLinkClient({ port, token });
      await link.connect();
      for (let stream = 0; stream < STREAMS; stream++)
        await link.open("relay/sse", { upstream: "origin", rest: "silent" }).opened;
      links.push(link);
    }
    const resident = residentBytes(daemonPid);
    const each = (resident - before) / (count * STREAMS) / 1024;
    rows.push([`${count} × ${STREAMS}`, `${(resident / 1e6).toFixed(1)} MB`, `${each.toFixed(0)} KiB`]);
  }
  for (const link of links) link.close();
  printTable(`Link: idle streams held open (before: ${(before / 1e6).toFixed(1)} MB)`, rows);
}

/** Streams from one origin: directly, through nginx without buffering, and through Puente's relays and its link. */
export async function benchRelay(): Promise<void> {
  const ways = await openWays();
  try {
    await benchLatency(ways);
    await benchThroughput(ways);
    await benchIdle(ways);
  } finally {
    await ways.close();
  }
}
