import { spawn } from "node:child_process";
import { join } from "node:path";
import { openBrowser } from "../test/support/browser.ts";
import { median, milliseconds, printTable } from "./table.ts";

const TOP = join(import.meta.dirname, "..");
const RUNS = 5;

/** Starts `npm run demo`, and answers the page's address and how to end it. */
function startDemo(): Promise<{ url: string; end(): Promise<void> }> {
  const child = spawn("npm", ["run", "demo"], { cwd: TOP, stdio: ["ignore", "pipe", "inherit"], detached: true });
  const over = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let text = "";
  return new Promise((resolve, reject) => {
    child.once("close", (code) => reject(new Error(`npm run demo ended with ${code}: ${text}`)));
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const url = /^Page: +(\S+)$/m.exec(text)?.[1];
      if (url === undefined) return;
      resolve({
        url,
        async end() {
          // As Ctrl-C in a terminal does: the whole group.
          process.kill(-(child.pid ?? 0), "SIGINT");
          await over;
        },
      });
    });
  });
}

/** From `npm run demo` on a built checkout until a browser that is open already shows the connected panel. */
export async function benchDemo(): Promise<void> {
  const browser = await openBrowser();
  if (browser === undefined) throw new Error("bench demo: there is no Chromium; CHROMIUM may name one");
  const started: number[] = [];
  const drawn: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const begin = performance.now();
    const demo = await startDemo();
    started.push(performance.now() - begin);
    await page.goto(demo.url);
    await page.locator('[data-widget="Puente"]').getByText("Connected", { exact: true }).waitFor();
    drawn.push(performance.now() - begin);
    await page.close();
    await demo.end();
  }
  await browser.close();
  printTable(`Demo: from \`npm run demo\` on a built checkout, ${RUNS} runs`, [
    ["", "median", "worst", "target"],
    ["until its address is printed", milliseconds(median(started)), milliseconds(Math.max(...started)), ""],
    ["until the connected panel is drawn", milliseconds(median(drawn)), milliseconds(Math.max(...drawn)), "≤ 3 s"],
  ]);
}
