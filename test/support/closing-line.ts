import type { Reporter, TestModule } from "vitest/node";
import { NO_BROWSER } from "./browser.ts";
import { NO_RIPGREP } from "./ripgrep.ts";

/** Ends the output of a run with one plain line that a program can read: "N passed, N failed". */
export const closingLine: Reporter = {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]) {
    const counts = { passed: 0, failed: errors.length, skipped: 0 };
    let withoutBrowser = 0;
    let withoutRipgrep = 0;
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const result = test.result();
        const { state } = result;
        if (result.state === "skipped" && result.note === NO_BROWSER) withoutBrowser += 1;
        if (result.state === "skipped" && result.note === NO_RIPGREP) withoutRipgrep += 1;
        counts[state === "pending" ? "failed" : state] += 1;
      }
      // A file that does not load, or a set-up that fails, hides its tests: it counts as a failure of its own.
      counts.failed += [module, ...module.children.allSuites()].flatMap((suite) => suite.errors()).length;
    }
    if (withoutBrowser > 0)
      console.log(
        `${withoutBrowser} browser tests did not run: ${NO_BROWSER}. Install Chromium or Chrome (on Debian: apt-get install chromium), or name its file in CHROMIUM.`,
      );
    if (withoutRipgrep > 0)
      console.log(
        `${withoutRipgrep} ripgrep tests did not run: ${NO_RIPGREP}. Install it (on Debian: apt-get install ripgrep).`,
      );
    const skipped = counts.skipped === 0 ? "" : `, ${counts.skipped} skipped`;
    console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
  },
};
