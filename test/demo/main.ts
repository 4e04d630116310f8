import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Theme } from "../studio/stand-in/index.ts";
import { buildWhatIsOld } from "./built.ts";

const USAGE = `Puente without Roblox Studio: the real daemon and the real plugin, in the browser.

  npm run demo -- [--open] [--theme Light|Dark] [--port N]

  --open    opens the page in your browser
  --port    of the page; any free one by default`;

/** What a person has asked for, or undefined where the usage was printed instead. */
function asked(): { open: boolean; theme: Theme; port: number } | undefined {
  try {
    const { values } = parseArgs({
      options: {
        open: { type: "boolean", default: false },
        theme: { type: "string", default: "Dark" },
        port: { type: "string", default: "0" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const { open, theme } = values;
    const port = Number(values.port);
    if (values.help) console.log(USAGE);
    else if (theme !== "Light" && theme !== "Dark") throw new Error("--theme takes Light or Dark");
    else if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error("--port takes a number up to 65535");
    else return { open, theme, port };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 1;
  }
  return undefined;
}

/** By a file that only this user can read: the address has a key in it, and others may see what commands are given. */
async function openPage({ url, folder }: { url: string; folder: string }): Promise<void> {
  const file = join(folder, "..", "open.html");
  writeFileSync(file, `<!doctype html><meta http-equiv="refresh" content="0;url=${url}"><title>Puente</title>`, {
    mode: 0o600,
  });
  await (await import("open")).default(file);
}

async function main({ open, theme, port }: NonNullable<ReturnType<typeof asked>>) {
  buildWhatIsOld((line) => console.log(line));
  const stopping = Promise.withResolvers<void>();
  let stopped = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => {
      stopped = true;
      stopping.resolve();
    });
  const { startDemo } = await import("./demo.ts");
  const demo = await startDemo({ theme, port }).catch((error: Error) => {
    // Ctrl-C in a terminal reaches the daemon too, which then does not come up.
    if (stopped) return undefined;
    throw error;
  });
  if (demo === undefined) return;
  if (stopped) return await demo.close();
  console.log(`Page:   ${demo.url}\nFolder: ${demo.folder} (a copy; Ctrl-C ends the demo and removes it)`);
  if (open) await openPage(demo);
  await stopping.promise;
  await demo.close();
}

const options = asked();
if (options !== undefined)
  await main(options).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
