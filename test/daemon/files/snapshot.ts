import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Every name below a folder with its content and times, links not followed. */
export function snapshot(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const stats = lstatSync(path);
    const content = stats.isFile() ? readFileSync(path, "utf8") : "";
    return [
      `${path} ${stats.ino} ${stats.mode} ${stats.mtimeMs} ${content}`,
      ...(stats.isDirectory() ? snapshot(path) : []),
    ];
  });
}
