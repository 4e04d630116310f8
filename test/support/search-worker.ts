import { join } from "node:path";

/** The bundle that `npm run build` writes. */
export const searchWorker = join(import.meta.dirname, "..", "..", "dist", "search-worker.js");
