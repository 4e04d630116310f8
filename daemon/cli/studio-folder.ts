import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Context, UsageError } from "./context.js";

/** Where Wine keeps a Windows: Vinegar as Flatpak and as package, Grapejuice, and Wine itself. */
const WINE_PREFIXES = [
  ".var/app/org.vinegarhq.Vinegar/data/vinegar/prefixes/studio",
  ".local/share/vinegar/prefixes/studio",
  ".local/share/grapejuice/prefixes/studio",
  ".wine",
];

function usersOf(prefix: string): string[] {
  const users = join(prefix, "drive_c", "users");
  return existsSync(users) ? readdirSync(users).map((user) => join(users, user)) : [];
}

function candidates({ env, platform, homeFolder }: Context): string[] {
  if (platform === "win32") return [join(env["LOCALAPPDATA"] ?? join(homeFolder, "AppData", "Local"), "Roblox")];
  if (platform === "darwin") return [join(homeFolder, "Documents", "Roblox")];
  const prefixes = [
    ...(env["WINEPREFIX"] ? [env["WINEPREFIX"]] : []),
    ...WINE_PREFIXES.map((path) => join(homeFolder, path)),
  ];
  return [...new Set(prefixes)].flatMap(usersOf).map((user) => join(user, "AppData", "Local", "Roblox"));
}

/** The folder that Studio loads local plugins from. Fails where there is no Studio, or more than one. */
export function pluginsFolder(context: Context): string {
  const found = candidates(context).filter((folder) => existsSync(folder));
  const [folder, ...more] = found.map((roblox) => join(roblox, "Plugins"));
  if (folder === undefined)
    throw new UsageError("Roblox Studio was not found; name its plugins folder with --to FOLDER");
  if (more.length > 0)
    throw new UsageError(`more than one Studio was found; choose with --to: ${[folder, ...more].join(", ")}`);
  return folder;
}
