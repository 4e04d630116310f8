import "./sources.ts";
import { type Asked, startLlmServer } from "./llm-ways.ts";
import { milliseconds, printTable } from "./table.ts";

const { setScene } = await import("../test/studio/plugin-scene.ts");

const RATES = [50, 500, 2000]; // tokens a second
const SECONDS = 5;
/** The growing answer: its pace, its length in letters, and how many times it is looked at. */
const RATE = 1000;
const LETTERS = 100_000;
const STEPS = 10;
/** Tokens that the label is given, one a frame. */
const RIVAL_TOKENS = 60;

type Scene = Awaited<ReturnType<typeof setScene>>;

/** What the frames of a while did, milliseconds. */
interface Work {
  readonly frames: number;
  readonly luau: number;
  readonly layout: number;
  readonly longest: number;
}

async function workOf({ studio }: Scene, what: () => Promise<unknown>): Promise<Work> {
  await studio.stats({ begin: true });
  await what();
  const { frames, workMilliseconds, layoutMilliseconds, longestFrameMilliseconds } = await studio.stats();
  return {
    frames,
    luau: workMilliseconds - layoutMilliseconds,
    layout: layoutMilliseconds,
    longest: longestFrameMilliseconds,
  };
}

const rest = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

let questions = 0;
/** Asks in the chat tab; resolves once the answer has begun. */
async function ask(scene: Scene, asked: Omit<Asked, "id" | "kind">): Promise<string> {
  questions += 1;
  const id = `q${questions}`;
  await scene.studio.type("Question", JSON.stringify({ id, kind: "prose", ...asked }));
  await scene.click("Ask");
  await scene.see("Stop");
  return id;
}

const micro = (value: number) => `${(value * 1000).toFixed(0)} µs`;

async function benchRates(scene: Scene): Promise<string[][]> {
  const atRest = await workOf(scene, () => rest(SECONDS));
  const rows = [
    ["at rest", `${atRest.frames}`, "", "", micro(atRest.luau / atRest.frames), milliseconds(atRest.longest), ""],
  ];
  for (const perSecond of RATES) {
    const tokens = perSecond * SECONDS;
    const work = await workOf(scene, async () => {
      await ask(scene, { tokens, perSecond });
      await scene.see("Ask", 60);
    });
    rows.push([
      `${perSecond} tokens/s`,
      `${work.frames}`,
      micro((work.luau - (atRest.luau / atRest.frames) * work.frames) / tokens),
      micro(work.layout / tokens),
      micro(work.luau / work.frames),
      milliseconds(work.longest),
      "≤ 16 ms",
    ]);
  }
  return rows;
}

/** One long answer, looked at as it grows. */
async function benchGrowth(scene: Scene): Promise<string[][]> {
  const letters = 5.2; // of a token, about
  const tokens = Math.ceil(LETTERS / letters);
  await ask(scene, { tokens, perSecond: RATE });
  const rows: string[][] = [];
  const each = tokens / STEPS;
  for (let step = 1; step <= STEPS; step += 1) {
    const work = await workOf(scene, () => rest(each / RATE));
    rows.push([
      `${Math.round((each * letters * step) / 1000)},000`,
      `${work.frames}`,
      micro(work.luau / each),
      micro(work.layout / each),
      micro(work.luau / work.frames),
      milliseconds(work.longest),
    ]);
  }
  await scene.see("Ask", 120);
  return rows;
}

/** Luau: a label that is given the whole text anew at each token, which is the simplest way to show one. */
const rival = (letters: number) => `
  local screen = Instance.new("ScreenGui")
  local label = Instance.new("TextLabel")
  label.Size = UDim2.fromOffset(400, 0)
  label.AutomaticSize = Enum.AutomaticSize.Y
  label.TextWrapped = true
  label.Parent = screen
  screen.Parent = game:GetService("PluginGuiService")
  local text = string.rep("and on ", ${letters} // 7)
  for token = 1, ${RIVAL_TOKENS} do
    text ..= "token "
    label.Text = text
    task.wait()
  end
  screen:Destroy()`;

async function benchRival(scene: Scene): Promise<string[][]> {
  const rows: string[][] = [];
  for (const letters of [LETTERS / STEPS, LETTERS]) {
    const work = await workOf(scene, () => scene.studio.run(rival(letters)));
    rows.push([
      `${letters / 1000},000 in one label`,
      `${work.frames}`,
      micro(work.luau / RIVAL_TOKENS),
      micro(work.layout / RIVAL_TOKENS),
      micro(work.luau / work.frames),
      milliseconds(work.longest),
    ]);
  }
  return rows;
}

/** Answers of a local server into the chat tab of the packed plugin, on the stand-in. */
export async function benchLlmStudio(): Promise<void> {
  const server = await startLlmServer();
  const scene = await setScene({ model: server });
  try {
    await scene.pair();
    await scene.click("Chat");
    await scene.see(/paced, lm/);
    const rates = await benchRates(scene);
    printTable("Models: answers in the chat tab on the stand-in, which interprets what Studio runs natively", [
      ["", "frames", "Luau a token", "layout a token", "Luau a frame", "longest frame", "target"],
      ...rates,
    ]);
    await scene.click("New conversation");
    await scene.click("Forget what was said");
    printTable(`Models: one answer of ${LETTERS} letters at ${RATE} tokens/s, as it grows`, [
      ["letters", "frames", "Luau a token", "layout a token", "Luau a frame", "longest frame"],
      ...(await benchGrowth(scene)),
      ...(await benchRival(scene)),
    ]);
    console.log(
      "  The longest frames are those that keep what was said, every 5 s and at the end: its JSON is Luau here, native in Studio.",
    );
  } finally {
    await scene.close();
    await server.close();
  }
}
