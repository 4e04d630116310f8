import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome.exe", "msedge.exe"];

/** Where a Chromium may lie, the likeliest first. */
function candidates(): string[] {
  const {
    CHROMIUM,
    PATH = "",
    LOCALAPPDATA = "",
    ProgramFiles = "",
    "ProgramFiles(x86)": ProgramFiles86 = "",
  } = process.env;
  if (CHROMIUM !== undefined) return [CHROMIUM];
  const chrome = join("Google", "Chrome", "Application", "chrome.exe");
  const edge = join("Microsoft", "Edge", "Application", "msedge.exe");
  return [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    ...PATH.split(delimiter)
      .filter(Boolean)
      .flatMap((folder) => NAMES.map((name) => join(folder, name))),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ...[ProgramFiles, ProgramFiles86, LOCALAPPDATA]
      .filter(Boolean)
      .flatMap((folder) => [join(folder, chrome), join(folder, edge)]),
  ];
}

/** The Chromium of this machine: `CHROMIUM` in the environment, or where it is usually installed. */
export const browserPath: string | undefined = candidates().find((path) => existsSync(path));

/** What the last lines of a test run say where there is none. */
export const NO_BROWSER = "no Chromium was found";

/** A new headless browser with a profile of its own that goes with it, or undefined where the machine has none. */
export async function openBrowser(): Promise<Browser | undefined> {
  if (browserPath === undefined) return undefined;
  return chromium.launch({
    executablePath: browserPath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
