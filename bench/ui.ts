import { median, milliseconds, printTable, quantile } from "./table.ts";
import { type Bench, type Seen, withPage } from "./ui-page.ts";

const OBJECTS = 500;
const CHANGES_PER_SECOND = 1_000;
const SECONDS = 10;
const LARGE = 5_000;
const RUNS = 5;
const DRAWN_WITHIN_MS = 20_000;

/** A list of rows as plugins have them, three objects a row. The changes are of text, colour and size in turn. */
const PLUGIN = `
local info = DockWidgetPluginGuiInfo.new(Enum.InitialDockState.Right, true, true, 400, 800)
local widget = plugin:CreateDockWidgetPluginGui("bench", info)
widget.Title = "Bench"

function _G.tree(count)
  local top = Instance.new("ScrollingFrame")
  top.Size = UDim2.fromScale(1, 1)
  top.AutomaticCanvasSize = Enum.AutomaticSize.Y
  Instance.new("UIListLayout").Parent = top
  local labels = {}
  for i = 1, (count - 2) // 3 do
    local row = Instance.new("Frame")
    row.Size = UDim2.new(1, 0, 0, 20)
    local padding = Instance.new("UIPadding")
    padding.PaddingLeft = UDim.new(0, 8)
    padding.Parent = row
    local label = Instance.new("TextLabel")
    label.Size = UDim2.fromScale(1, 1)
    label.TextXAlignment = Enum.TextXAlignment.Left
    label.Text = "row " .. i
    label.Parent = row
    row.Parent = top
    labels[i] = label
  end
  return top, labels
end

-- Answers the milliseconds since the epoch at which the tree was put into the widget.
function _G.show(tree)
  local now = DateTime.now().UnixTimestampMillis
  tree.Parent = widget
  return now
end

function _G.change(labels, perSecond)
  local owed, n = 0, 0
  return game:GetService("RunService").Heartbeat:Connect(function(seconds)
    owed += seconds * perSecond
    while owed >= 1 do
      owed -= 1
      n += 1
      local label = labels[n % #labels + 1]
      if n % 3 == 0 then
        label.Text = "value " .. n
      elseif n % 3 == 1 then
        label.BackgroundColor3 = Color3.fromHSV(n % 100 / 100, 0.5, 0.9)
      else
        label.Size = UDim2.new(1, -(n % 40), 1, 0)
      end
    end
    _G.changes = n
  end)
end
`;

interface Changes {
  readonly changes: number;
  readonly batches: number;
  readonly bytes: number;
  /** Milliseconds from a frame's begin until it is painted, and from one frame's begin to the next's. */
  readonly frames: readonly number[];
  readonly intervals: readonly number[];
}

async function measureChanges({ run, seen, bytes }: Bench): Promise<Changes> {
  await run(`local tree, labels = _G.tree(${OBJECTS}) _G.labels = labels _G.show(tree)`);
  await run(`task.wait(1)`);
  const before = await seen();
  const bytesBefore = bytes();
  await run(`local changing = _G.change(_G.labels, ${CHANGES_PER_SECOND}) task.wait(${SECONDS}) changing:Disconnect()`);
  const after = await seen();
  const frames = after.frames.slice(before.frames.length);
  const begins = frames.map(([begin]) => begin);
  return {
    changes: await run<number>("_G.changes"),
    batches: after.batches.length - before.batches.length,
    bytes: bytes() - bytesBefore,
    frames: frames.map(([begin, painted]) => painted - begin),
    intervals: begins.slice(1).map((begin, i) => begin - (begins[i] ?? 0)),
  };
}

/** Milliseconds from the assignment of Parent until the frame is painted that has the tree in it. */
async function measureFirstDraw({ run, seen }: Bench): Promise<number> {
  const shownAt = await run<number>(`local tree = _G.tree(${LARGE}) return _G.show(tree)`);
  const deadline = Date.now() + DRAWN_WITHIN_MS;
  for (;;) {
    const painted = paintedAt(await seen());
    if (painted !== undefined) return painted - shownAt;
    if (Date.now() > deadline) throw new Error(`bench ui: ${LARGE} objects are not drawn after ${DRAWN_WITHIN_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** When the first frame was painted that had a batch as large as the tree; milliseconds since the epoch. */
function paintedAt({ batches, frames, origin }: Seen): number | undefined {
  const batch = batches.find(({ ops }) => ops > LARGE / 2);
  const frame = batch && frames.find(([, painted]) => painted > batch.end);
  return frame && origin + frame[1];
}

/** The stand-in's screen: how it keeps up with a busy plugin, and how soon a large tree is seen. */
export async function benchUi(): Promise<void> {
  const busy = await withPage(PLUGIN, measureChanges);
  const draws: number[] = [];
  for (let run = 0; run < RUNS; run++) draws.push(await withPage(PLUGIN, measureFirstDraw));
  printTable(`Screen: a plugin changes ${OBJECTS} objects for ${SECONDS} s; then a tree of ${LARGE} is shown`, [
    ["", "seen", "target"],
    ["property changes a second", (busy.changes / SECONDS).toFixed(0), `${CHANGES_PER_SECOND}`],
    ["batches a second", (busy.batches / SECONDS).toFixed(1), "one a frame"],
    ["kilobytes a second to the page", (busy.bytes / SECONDS / 1000).toFixed(1), ""],
    ["frame begun until painted, median", milliseconds(median(busy.frames)), ""],
    ["frame begun until painted, p95", milliseconds(quantile(busy.frames, 0.95)), "≤ 16 ms"],
    ["from frame to frame, p95", milliseconds(quantile(busy.intervals, 0.95)), ""],
    [`${LARGE} objects drawn, median of ${RUNS}`, milliseconds(median(draws)), "≤ 500 ms"],
    [`${LARGE} objects drawn, worst of ${RUNS}`, milliseconds(Math.max(...draws)), ""],
  ]);
}
