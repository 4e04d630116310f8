import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { configDefaults, defineConfig } from "vitest/config";
import { closingLine } from "./test/support/closing-line.js";
import { LongestFirst } from "./test/support/longest-first.js";

/**
 * Those that put other modules in the place of ours, and those that count what their process holds open: each has a
 * process of its own.
 */
const APART = globSync("test/**/*.test.ts").filter((file) =>
  /vi\.mock\(|getActiveResourcesInfo\(/.test(readFileSync(file, "utf8")),
);

export default defineConfig({
  test: {
    // Met only by what hangs without waiting: a test is a row of waits, and each of them has a deadline of its own.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 15_000 } },
    // Many tests wait for real seconds to pass: two for each core of a small machine end sooner than one.
    maxWorkers: 4,
    // Half of what the tests need a processor for is to load and to compile what an earlier file has used already.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules", ".cache", "compiled") },
    maxConcurrency: 16,
    // The Studios of a process share V8's wrappers of what wasm calls, and to make a hot one faster in two threads at once
    // can end the process (nodejs/node#64500: `jit_page_->allocations_.erase(addr) == 1`): none is made faster.
    execArgv: ["--wasm-wrapper-tiering-budget=1000000000"],
    sequence: { sequencer: LongestFirst },
    reporters: ["default", closingLine],
    projects: [
      { extends: true, test: { name: "apart", include: APART } },
      {
        extends: true,
        test: {
          name: "together",
          include: ["test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...APART],
          isolate: false,
        },
      },
    ],
  },
});
