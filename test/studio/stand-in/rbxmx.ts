import { XMLParser } from "fast-xml-parser";

/** One instance of a model file. Property values keep the type that the file names. */
export interface Item {
  class: string;
  properties: Record<string, { type: string; value: unknown }>;
  children: Item[];
}

interface Node {
  [tag: string]: Node[] | Record<string, string> | string | undefined;
  ":@"?: Record<string, string>;
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  trimValues: false,
  processEntities: true,
  htmlEntities: true,
  cdataPropName: "#cdata",
});

/** Reads an `.rbxmx` model. Throws where the text is not one. */
export function readRbxmx(xml: string): Item[] {
  const document = (parser.parse(xml) as Node[]).find((node) => "roblox" in node);
  if (document === undefined) throw new Error("not a Roblox model: there is no <roblox> element");
  return items(document["roblox"] as Node[]);
}

function items(nodes: Node[]): Item[] {
  return nodes.filter((node) => "Item" in node).map(item);
}

function item(node: Node): Item {
  const content = node["Item"] as Node[];
  const properties: Item["properties"] = {};
  for (const part of content) {
    for (const property of "Properties" in part ? (part["Properties"] as Node[]) : []) {
      const type = tagOf(property);
      const name = property[":@"]?.["name"];
      if (type === undefined || name === undefined) continue;
      const reader = readers[type];
      if (reader !== undefined) properties[name] = { type, value: reader(property[type] as Node[]) };
    }
  }
  return { class: node[":@"]?.["class"] ?? "", properties, children: items(content) };
}

function tagOf(node: Node): string | undefined {
  return Object.keys(node).find((key) => key !== ":@" && key !== "#text");
}

function text(nodes: Node[]): string {
  return nodes
    .map((node) => ("#cdata" in node ? text(node["#cdata"] as Node[]) : ((node["#text"] as string | undefined) ?? "")))
    .join("");
}

function parts(nodes: Node[]): Record<string, number> {
  return Object.fromEntries(
    nodes.flatMap((node) => {
      const name = tagOf(node);
      return name === undefined ? [] : [[name, Number(text(node[name] as Node[]))]];
    }),
  );
}

const number = (nodes: Node[]) => Number(text(nodes));

/** A property of another type is left out: the instance then has its default. */
const readers: Record<string, (nodes: Node[]) => unknown> = {
  string: text,
  ProtectedString: text,
  bool: (nodes) => text(nodes).trim() === "true",
  int: number,
  int64: number,
  float: number,
  double: number,
  token: number,
  UDim: parts,
  UDim2: parts,
  Vector2: parts,
  Vector3: parts,
  Color3: parts,
};
