import { platform } from "node:os";
import type { Walk } from "./walk.js";
import { walkByHandle } from "./walk-linux.js";
import { walkByName } from "./walk-portable.js";

/** What this system can do with files: the only file that asks which one it is. */

/** Whether the names in a folder are made safe by a call. Windows has none, and keeps them by itself. */
export const canSyncFolders = platform() !== "win32";

/** Whether names that Windows cannot hold are plain names here, and reach no device and no other file. */
export const hasFreeNames = platform() !== "win32";

/** Whether the system tells of all that happens below a folder that is watched. Elsewhere each folder is watched by itself. */
export const tellsOfAllBelow = ["darwin", "win32"].includes(platform());

/** The safest walk that this system has. */
export function walkOfSystem(): Walk {
  return platform() === "linux" ? walkByHandle() : walkByName();
}
