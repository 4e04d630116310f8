import { parseArgs } from "node:util";
import { buildWhatIsOld } from "./built.ts";

const USAGE = `Puente without Roblox Studio: the real daemon and the real plugin, in the browser.

  npm run demo -- [--open] [--theme Light|Dark] [--port N]

  --open    opens the page in your browser
  --port    of the page; any free one by default`;

const { values } = parseArgs({
  options: {
    open: { type: "boolean", default: false },
    theme: { type: "string", default: "Dark" },
    port: { type: "string", default: "0" },
    help: { type: "boolean", short: "h", default: false },
  },
});
const port = Number(values.port);
const { theme } = values;
if (values.help || (theme !== "Light" && theme !== "Dark") || !Number.isInteger(port) || port < 0 || port > 65_535) {
  console.log(USAGE);
  process.exit(values.help ? 0 : 1);
}

buildWhatIsOld((line) => console.log(line));
const stopping = Promise.withResolvers<void>();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stopping.resolve);
const { startDemo } = await import("./demo.ts");
const demo = await startDemo({ theme, port });
console.log(`Page:   ${demo.url}\nFolder: ${demo.folder} (a copy; Ctrl-C ends the demo and removes it)`);
if (values.open) await (await import("open")).default(demo.url);
await stopping.promise;
await demo.close();
