import { test } from "vitest";
import { browserPath, NO_BROWSER } from "./browser.ts";

/** Vitest's `test`; without a browser the test is skipped, and says so. */
export const browserTest = test.extend<{ browserFound: undefined }>({
  browserFound: [
    async ({ skip }, use) => {
      skip(browserPath === undefined, NO_BROWSER);
      await use(undefined);
    },
    { auto: true },
  ],
});
