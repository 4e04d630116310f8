import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const home = fileURLToPath(new URL("..", import.meta.url));
/** Rojo takes only this ending for a project file, and reads its paths from the folder it stands in. */
const project = `${home}build.project.json`;

/** The package's own entry, run by this very Node: its command is a shell script on one system, a .cmd on another. */
const rojo = fileURLToPath(import.meta.resolve("rojo"));

function pack(output: string): void {
  execFileSync(process.execPath, [rojo, "build", project, "--output", output], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

mkdirSync(`${home}dist`, { recursive: true });
copyFileSync(`${home}rojo.json`, project);
try {
  pack(`${home}dist/puente.rbxm`);
  pack(`${home}dist/puente.rbxmx`);
} finally {
  rmSync(project, { force: true });
}
