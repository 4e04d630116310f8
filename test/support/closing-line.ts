import type { Reporter, TestModule } from "vitest/node";

/** Ends the output of a run with one plain line that a program can read: "N passed, N failed". */
export const closingLine: Reporter = {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]) {
    const counts = { passed: 0, failed: errors.length, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state === "pending" ? "failed" : state] += 1;
      }
      // A file that does not load, or a set-up that fails, hides its tests: it counts as a failure of its own.
      counts.failed += [module, ...module.children.allSuites()].flatMap((suite) => suite.errors()).length;
    }
    const skipped = counts.skipped === 0 ? "" : `, ${counts.skipped} skipped`;
    console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
  },
};
