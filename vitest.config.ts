import { defineConfig } from "vitest/config";
import { closingLine } from "./test/support/closing-line.js";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Many tests wait for real seconds to pass: two for each core of a small machine end sooner than one.
    maxWorkers: 4,
    reporters: ["default", closingLine],
  },
});
