import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An instance to write; a `Source` given as text makes it a script. */
export interface Piece {
  class?: string;
  name: string;
  /** What Ref properties call it by. */
  referent?: string;
  /** More properties, as XML. */
  properties?: string;
  source?: string;
  disabled?: boolean;
  children?: Piece[];
}

/** Writes a model file into a new temporary folder. `remove` deletes the folder. */
export async function writeRbxmx(name: string, pieces: Piece[]): Promise<{ path: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "stand-in-"));
  const path = join(folder, `${name}.rbxmx`);
  await writeFile(path, `<roblox version="4">${pieces.map(item).join("")}</roblox>`);
  return { path, remove: () => rm(folder, { recursive: true }) };
}

function item({
  name,
  referent = "",
  properties: more = "",
  source,
  disabled,
  children = [],
  class: kind = source === undefined ? "Folder" : "Script",
}: Piece): string {
  const properties = [
    `<string name="Name">${escaped(name)}</string>`,
    source === undefined ? "" : `<ProtectedString name="Source">${escaped(source)}</ProtectedString>`,
    disabled === undefined ? "" : `<bool name="Disabled">${disabled}</bool>`,
    more,
  ];
  const inside = children.map(item).join("");
  return `<Item class="${kind}" referent="${referent}"><Properties>${properties.join("")}</Properties>${inside}</Item>`;
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
