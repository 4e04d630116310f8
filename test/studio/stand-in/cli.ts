import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { openStudio } from "./open-studio.ts";

const USAGE = `Shows packed plugins in the browser as Studio does.

  npm run studio -- PLUGIN.rbxmx [MORE.rbxmx ...] [--theme Light|Dark] [--port N]`;

/** What a person got wrong; said without a stack. */
class UsageError extends Error {}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      theme: { type: "string", default: "Dark" },
      port: { type: "string", default: "0" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageError("--port takes a number up to 65535");
  if (values.theme !== "Light" && values.theme !== "Dark") throw new UsageError("--theme takes Light or Dark");
  if (positionals.length === 0) throw new UsageError(USAGE);
  // npm runs scripts in the project's folder; a relative path is meant from where the person is.
  const plugins = positionals.map((path) => resolve(process.env["INIT_CWD"] ?? ".", path));
  for (const plugin of plugins)
    await access(plugin).catch(() => Promise.reject(new UsageError(`there is no file ${plugin}`)));

  const page = await openStudio({ plugins, theme: values.theme }, port);
  console.log(`Studio: ${page.url}\nCtrl-C ends it.`);
  const end = () => void page.close();
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
}

await main().catch((error: NodeJS.ErrnoException) => {
  const isUsage =
    error instanceof UsageError || error.code?.startsWith("ERR_PARSE_ARGS") || error.code === "EADDRINUSE";
  console.error(isUsage ? error.message : error);
  process.exitCode = 1;
});
