import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { startStudio } from "../test/studio/stand-in/index.ts";
import { servePage } from "../test/studio/stand-in/page-server.ts";
import { openBrowser } from "../test/support/browser.ts";

/** In the page: when each frame began and when the browser had painted it, and each batch of operations. */
const WATCH = `
  const frames = [], batches = [];
  window.seen = { frames, batches };
  const painted = new MessageChannel();
  let begin = 0;
  painted.port1.onmessage = () => frames.push([begin, performance.now()]);
  const frame = (now) => { begin = now; painted.port2.postMessage(0); requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByName("studio-batch"))
      batches.push({ end: entry.startTime + entry.duration, ops: entry.detail.ops });
  }).observe({ type: "measure" });
`;

/** Milliseconds on the page's clock, which began at `origin` (milliseconds since the epoch). */
export interface Seen {
  readonly frames: readonly (readonly [begin: number, painted: number])[];
  readonly batches: readonly { readonly end: number; readonly ops: number }[];
  readonly origin: number;
}

export interface Bench {
  run<T>(luau: string): Promise<T>;
  seen(): Promise<Seen>;
  /** Bytes of WebSocket messages that the page has got so far. */
  bytes(): number;
}

/** A Studio with one plugin, and a page in Chromium that shows it. */
export async function withPage<T>(source: string, work: (bench: Bench) => Promise<T>): Promise<T> {
  const browser = await openBrowser();
  if (browser === undefined) throw new Error("bench ui: there is no Chromium; CHROMIUM may name one");
  const folder = mkdtempSync(join(tmpdir(), "puente-bench-"));
  const plugin = join(folder, "bench.rbxmx");
  writeFileSync(plugin, modelOf(source));
  const studio = await servePage(() => startStudio({ plugins: [plugin] }));
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    await page.addInitScript(WATCH);
    let bytes = 0;
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        bytes += Buffer.byteLength(payload);
      }),
    );
    await page.goto(studio.url);
    await page.locator('[data-widget="Bench"]').waitFor();
    return await work({ run: (luau) => studio.studio().run(luau), seen: () => seenIn(page), bytes: () => bytes });
  } finally {
    await browser.close();
    await studio.close();
    rmSync(folder, { recursive: true });
  }
}

function seenIn(page: Page): Promise<Seen> {
  return page.evaluate<Seen>("({ ...window.seen, origin: performance.timeOrigin })");
}

function modelOf(source: string): string {
  const properties = `<string name="Name">main</string><ProtectedString name="Source"><![CDATA[${source}]]></ProtectedString>`;
  return `<roblox version="4"><Item class="Script"><Properties>${properties}</Properties></Item></roblox>`;
}
