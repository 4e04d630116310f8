import type { Reporter, TestModule, TestSuite } from "vitest/node";
import { NO_BROWSER } from "./browser.ts";
import { NO_RIPGREP } from "./ripgrep.ts";

const tellFailure = (where: string, message = "ended before it was done") =>
  console.log(`failed: ${where}: ${message.split("\n", 1)[0]}`);

const nameOf = (suite: TestModule | TestSuite) =>
  suite.type === "module" ? suite.relativeModuleId : `${suite.module.relativeModuleId} > ${suite.fullName}`;

/**
 * Ends the output of a run with one plain line that a program can read: "N passed, N failed". What failed is named
 * before it, a line each: who sees only the end of a long output knows it too.
 */
export const closingLine: Reporter = {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]) {
    const counts = { passed: 0, failed: errors.length, skipped: 0 };
    for (const error of errors) tellFailure("outside the tests", String(Object(error).message ?? error));
    let withoutBrowser = 0;
    let withoutRipgrep = 0;
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const result = test.result();
        const { state } = result;
        if (result.state === "skipped" && result.note === NO_BROWSER) withoutBrowser += 1;
        if (result.state === "skipped" && result.note === NO_RIPGREP) withoutRipgrep += 1;
        const counted = state === "pending" ? "failed" : state;
        counts[counted] += 1;
        if (counted === "failed")
          tellFailure(`${module.relativeModuleId} > ${test.fullName}`, result.errors?.[0]?.message);
      }
      // A file that does not load, or a set-up that fails, hides its tests: it counts as a failure of its own.
      for (const suite of [module, ...module.children.allSuites()])
        for (const { message } of suite.errors()) {
          counts.failed += 1;
          tellFailure(nameOf(suite), message);
        }
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
