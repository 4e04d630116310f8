import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The ripgrep of this machine, absolute. */
export const ripgrepPath: string | undefined = (process.env["PATH"] ?? "")
  .split(delimiter)
  .map((folder) => join(folder, process.platform === "win32" ? "rg.exe" : "rg"))
  .find((path) => existsSync(path));

/** What the last lines of a test run say where there is none. */
export const NO_RIPGREP = "no ripgrep was found";
