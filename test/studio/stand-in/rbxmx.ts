import { XMLParser, XMLValidator } from "fast-xml-parser";
import { readAttributes } from "./rbxmx-attributes.ts";
import { bytesOf, type Element, elements, type Property, readProperty, textOf } from "./rbxmx-properties.ts";

/** One instance of a model file. Property values keep the type that the file names. */
export interface Item {
  class: string;
  /** What Ref properties call it by. */
  referent: string | undefined;
  properties: Record<string, Property>;
  attributes: Record<string, Property>;
  tags: string[];
  /** What of it could not be read. */
  complaints: string[];
  children: Item[];
}

const MOST_CHARACTERS = 32 * 1024 * 1024;
const MOST_INSTANCES = 50_000;
const MOST_DEPTH = 500; // of instances inside each other
const ELEMENTS_AROUND = 5; // <roblox>, and <Properties> with what is inside of it
const BINARY_MAGIC = "<roblox!";
const NUL = "\0";

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  trimValues: false,
  processEntities: true,
  htmlEntities: true,
  cdataPropName: "#cdata",
  // One more than is accepted, so that the reader's own refusal comes first.
  maxNestedTags: MOST_DEPTH + ELEMENTS_AROUND + 1,
});

/** Reads an `.rbxmx` model. Throws where the text is not one, and where it is too large or nests too deep. */
export function readRbxmx(xml: string): Item[] {
  if (xml.startsWith(BINARY_MAGIC))
    throw new Error("this is a binary model (.rbxm); the stand-in reads XML: save it as .rbxmx");
  if (xml.length > MOST_CHARACTERS)
    throw new Error(`the model has ${xml.length} characters; the stand-in reads at most ${MOST_CHARACTERS}`);
  const root = parsed(xml).find((node) => "roblox" in node);
  if (root === undefined) throw new Error("not a Roblox model: there is no <roblox> element");
  return items(root["roblox"] as Element[], 1, { instances: 0 });
}

function parsed(xml: string): Element[] {
  let elements: Element[];
  try {
    elements = parser.parse(xml) as Element[];
  } catch (error) {
    const { message } = error as Error;
    if (message === "Maximum nested tags exceeded") throw tooDeep();
    throw new Error(`not a Roblox model: ${message}`);
  }
  // The parser takes much for XML that is none.
  const verdict = XMLValidator.validate(xml);
  if (verdict === true) return elements;
  const { msg, line, col } = verdict.err;
  throw new Error(`not a Roblox model: the XML is malformed at line ${line}, column ${col}: ${msg.slice(0, 200)}`);
}

function tooDeep(): Error {
  return new Error(`the model has more than ${MOST_DEPTH} instances inside each other`);
}

function items(nodes: Element[], depth: number, read: { instances: number }): Item[] {
  const found = nodes.filter((node) => "Item" in node);
  if (found.length > 0 && depth > MOST_DEPTH) throw tooDeep();
  read.instances += found.length;
  if (read.instances > MOST_INSTANCES) throw new Error(`the model has more than ${MOST_INSTANCES} instances`);
  return found.map((node) => item(node, (content) => items(content, depth + 1, read)));
}

function item(node: Element, childrenOf: (content: Element[]) => Item[]): Item {
  const content = node["Item"] as Element[];
  const properties = new Map<string, Property>();
  const read: Item = {
    class: node[":@"]?.["class"] ?? "",
    referent: node[":@"]?.["referent"],
    properties: {},
    attributes: {},
    tags: [],
    complaints: [],
    children: [],
  };
  for (const [tag, , children] of elements(content)) {
    if (tag !== "Properties") continue;
    for (const [type, name, value] of elements(children)) {
      if (name === "Tags") read.tags = bytesOf(value).toString().split(NUL).filter(Boolean);
      else if (name === "AttributesSerialize") Object.assign(read, attributesOf(value, read.complaints));
      else if (name !== undefined) properties.set(name, readProperty(type, value));
    }
  }
  read.properties = Object.fromEntries(properties);
  read.children = childrenOf(content);
  return read;
}

function attributesOf(value: Element[], complaints: string[]): Pick<Item, "attributes" | "complaints"> {
  const { attributes, complaint } = readAttributes(textOf(value) === "" ? Buffer.alloc(0) : bytesOf(value));
  return { attributes, complaints: complaint === undefined ? complaints : [...complaints, complaint] };
}
