import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PACKED } from "./plugin-scene.js";
import { type Studio, type Switches, startStudio } from "./stand-in/index.js";

/**
 * Another plugin that carries Puente's model to use the bridge, as a plugin's author does: the packed model with its
 * main script replaced. It puts its modules within the reach of the command bar, through which the tests speak.
 */
export function authorsPlugin(): string {
  const packed = readFileSync(PACKED, "utf8");
  const main =
    /(<Item class="Script"[^>]*>\s*<Properties>\s*<string name="Name">main<\/string>[\s\S]*?<string name="Source">)[\s\S]*?(<\/string>)/;
  if (!main.test(packed)) throw new Error("the packed plugin has no main script");
  return packed.replace(main, `$1script.Parent.Parent.Parent = game:GetService("ServerStorage")$2`);
}

/** A Studio that has this plugin loaded once, for tests of single modules. */
export async function authorsStudio(switches: Partial<Switches> = {}): Promise<Studio> {
  const top = mkdtempSync(join(tmpdir(), "puente-author-"));
  try {
    const plugin = join(top, "author.rbxmx");
    writeFileSync(plugin, authorsPlugin());
    return await startStudio({ plugins: [plugin], switches });
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
}
