import { type Asked, type LlmWays, openLlmWays, type Way } from "./llm-ways.ts";
import { printTable, quantile } from "./table.ts";

const RATES = [50, 500, 2000]; // tokens a second
const SECONDS = 5;
const ROUNDS = 3;
/** Answers of one token, for the time to the first. */
const FIRSTS = 200;
const TARGETS = [
  { share: 0.5, name: "p50", ms: 0.5 },
  { share: 0.99, name: "p99", ms: 3 },
] as const;

let questions = 0;
function question(given: Omit<Asked, "id" | "kind">): Asked {
  questions += 1;
  return { id: `q${questions}`, kind: "stamps", ...given };
}

interface Times {
  /** From a token's sending until the client has it. */
  readonly underWay: number[];
  /** Between two tokens at the client. */
  readonly gaps: number[];
}

/** Asks once, and notes each token's milliseconds. Throws where a byte is missing or another. */
async function answer({ said }: LlmWays, way: Way, asked: Asked, times: Times): Promise<void> {
  let text = "";
  let rest = "";
  let beforeMs: number | undefined;
  await way.ask(asked, (piece) => {
    const nowUs = Number(process.hrtime.bigint() / 1000n);
    text += piece;
    const stamps = (rest + piece).split(" ");
    rest = stamps.pop() ?? "";
    for (const stamp of stamps) {
      times.underWay.push((nowUs - Number(stamp)) / 1000);
      if (beforeMs !== undefined) times.gaps.push(nowUs / 1000 - beforeMs);
      beforeMs = nowUs / 1000;
    }
  });
  const expected = await said(asked.id);
  if (text === "" || text !== expected)
    throw new Error(`${way.name}: ${text.length} characters came of ${expected.length}, or others`);
}

/** Milliseconds from asking until the first text. */
async function firstToken(way: Way): Promise<number> {
  const begin = performance.now();
  let firstMs = Number.NaN;
  await way.ask(question({ tokens: 1, perSecond: 2000 }), () => {
    firstMs = performance.now() - begin;
  });
  return firstMs;
}

const ms = (value: number) => `${value.toFixed(3)} ms`;

/** A row for each way: p50 and p99, and what is added to the first way's. */
function rows(samples: ReadonlyMap<Way, readonly number[]>, label: string, target: boolean): string[][] {
  const [direct = []] = [...samples.values()];
  return [...samples].map(([way, all]) => {
    const at = TARGETS.map(({ share }) => quantile(all, share));
    const added = TARGETS.map(({ share }, index) => (at[index] ?? 0) - quantile(direct, share));
    return [
      label,
      way.name,
      `${all.length}`,
      ...at.map(ms),
      ...(all === direct ? ["", "", ""] : added.map(ms)),
      all !== direct && target ? TARGETS.map((one) => `${one.name} ≤ ${one.ms}`).join(", ") : "",
    ];
  });
}

async function benchFirst(ways: LlmWays): Promise<string[][]> {
  const samples = new Map<Way, number[]>([ways.direct, ways.relay, ways.chat].map((way) => [way, []]));
  for (const way of samples.keys()) for (let warm = 0; warm < 20; warm += 1) await firstToken(way);
  const calls: number[] = [];
  for (let ask = 0; ask < FIRSTS; ask += 1) {
    for (const [way, all] of samples) all.push(await firstToken(way));
    const begin = performance.now();
    await ways.call();
    calls.push(performance.now() - begin);
  }
  const at = TARGETS.map(({ share }) => ms(quantile(calls, share)));
  return [
    ...rows(samples, "first token", true),
    ["", "a call that the daemon answers itself", `${FIRSTS}`, ...at, "", "", ""],
  ];
}

interface Steady {
  readonly latency: string[][];
  readonly cpu: string[];
}

async function benchSteady(ways: LlmWays, perSecond: number): Promise<Steady> {
  const all = [ways.direct, ways.relay, ways.chat];
  const times = new Map(all.map((way) => [way, { underWay: [] as number[], gaps: [] as number[] }]));
  const spent = new Map<Way, number>();
  const tokens = perSecond * SECONDS;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [way, mine] of times) {
      const before = ways.daemonMs();
      await answer(ways, way, question({ tokens, perSecond }), mine);
      spent.set(way, (spent.get(way) ?? 0) + ways.daemonMs() - before);
    }
  }
  const each = (way: Way) => `${(((spent.get(way) ?? 0) / (tokens * ROUNDS)) * 1000).toFixed(1)} ms`;
  const pick = (of: keyof Times) => new Map([...times].map(([way, mine]) => [way, mine[of]]));
  return {
    latency: [
      ...rows(pick("underWay"), `${perSecond}/s: a token's way`, true),
      ...rows(pick("gaps"), `${perSecond}/s: between two tokens`, true),
    ],
    cpu: [`${perSecond}/s`, `${tokens * ROUNDS}`, ...all.slice(1).map(each), each(ways.direct)],
  };
}

/** Answers of a local server that speaks OpenAI's documented format, directly and through the daemon's `llm/chat`. */
export async function benchLlm(): Promise<void> {
  const ways = await openLlmWays();
  try {
    const first = await benchFirst(ways);
    const steady: Steady[] = [];
    for (const perSecond of RATES) steady.push(await benchSteady(ways, perSecond));
    printTable("Models: answers of a local server that speaks OpenAI's documented format (no real model)", [
      ["", "", "samples", "p50", "p99", "added p50", "added p99", "target"],
      ...first,
      ...steady.flatMap(({ latency }) => latency),
    ]);
    console.log("  Every answer's whole text was compared with what the server had sent.");
    printTable("Models: what the daemon computes for 1,000 tokens", [
      ["", "tokens", ways.relay.name, ways.chat.name, "not asked (the same time, direct)"],
      ...steady.map(({ cpu }) => cpu),
    ]);
  } finally {
    await ways.close();
  }
}
