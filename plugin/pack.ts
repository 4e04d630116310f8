import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const home = fileURLToPath(new URL("..", import.meta.url));
/** Rojo takes only this ending for a project file, and reads its paths from the folder it stands in. */
const project = `${home}build.project.json`;
/** What other plugins have no use for: the script that runs, and all it shows. */
const OURS = ["out/plugin/src/main.server.luau", "out/plugin/src/panel/**"];

/** The package's own entry, run by this very Node: its command is a shell script on one system, a .cmd on another. */
const rojo = fileURLToPath(import.meta.resolve("rojo"));

/** @param globIgnorePaths patterns of files that are left out. */
function pack(outputs: readonly string[], globIgnorePaths: readonly string[]): void {
  const tree = JSON.parse(readFileSync(`${home}rojo.json`, "utf8")) as object;
  writeFileSync(project, JSON.stringify({ ...tree, globIgnorePaths }));
  try {
    for (const output of outputs) {
      execFileSync(process.execPath, [rojo, "build", project, "--output", `${home}dist/${output}`], {
        stdio: ["ignore", "ignore", "inherit"],
      });
    }
  } finally {
    rmSync(project, { force: true });
  }
}

mkdirSync(`${home}dist`, { recursive: true });
pack(["puente.rbxm", "puente.rbxmx"], []);
pack(["puente-bridge.rbxm"], OURS);
