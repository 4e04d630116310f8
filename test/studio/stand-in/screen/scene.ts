import type { GuiClass, GuiNode, Value, Vector2 } from "./node.ts";
import { createReader } from "./reader.ts";

/** What one feed has changed. Nodes that are gone are in `removed` only. */
export interface Changes {
  /** In the order in which they came: no parent after its child. */
  readonly added: GuiNode[];
  readonly removed: Set<number>;
  /** Names of changed properties. */
  readonly set: Map<GuiNode, Set<string>>;
  /** Nodes whose list of children is another. */
  readonly regrouped: Set<GuiNode>;
  /** Dock widgets that have another size. */
  readonly resized: Set<GuiNode>;
}

/** Kinds of records, as luau/feed-wire.luau numbers them. */
const CLASS = 1;
const ADD = 2;
const CHILDREN = 3;
const SET = 4;
const REMOVE = 5;
const RESIZE = 6;

/** The dock widgets' trees, kept up to date from Luau's feed. */
export function createScene() {
  const classes = new Map<number, GuiClass>();
  const nodes = new Map<number, GuiNode>();
  const sizes = new Map<number, Vector2>();

  const nodeOf = (id: number): GuiNode => {
    const node = nodes.get(id);
    if (node === undefined) throw new Error(`the screen's feed: there is no node ${id}`);
    return node;
  };

  return {
    nodes: nodes as ReadonlyMap<number, GuiNode>,
    /** Every node without a parent is a dock widget. */
    tops: () => [...nodes.values()].filter((node) => node.class.ancestors.has("DockWidgetPluginGui")),
    /** The content's size in pixels, once the page or the widget's own info has said it. */
    sizeOf: (top: GuiNode): Vector2 => sizes.get(top.id) ?? { x: 0, y: 0 },

    apply(bytes: Uint8Array): Changes {
      const changes: Changes = {
        added: [],
        removed: new Set(),
        set: new Map(),
        regrouped: new Set(),
        resized: new Set(),
      };
      const reader = createReader(bytes);
      while (!reader.ended) {
        const record = reader.byte();
        if (record === CLASS) {
          classes.set(reader.short(), readClass(reader));
        } else if (record === ADD) {
          const node = readNode(reader, classes);
          nodes.set(node.id, node);
          changes.added.push(node);
        } else if (record === CHILDREN) {
          const parent = nodeOf(reader.long());
          parent.children.length = 0;
          for (let left = reader.long(); left > 0; left--) {
            const child = nodeOf(reader.long());
            child.parent = parent;
            parent.children.push(child);
          }
          changes.regrouped.add(parent);
        } else if (record === SET) {
          const node = nodeOf(reader.long());
          const name = propertyName(node.class, reader.short());
          node.props[name] = reader.value();
          const names = changes.set.get(node);
          if (names === undefined) changes.set.set(node, new Set([name]));
          else names.add(name);
        } else if (record === REMOVE) {
          const id = reader.long();
          const node = nodes.get(id);
          if (node === undefined) continue;
          node.parent = undefined;
          nodes.delete(id);
          sizes.delete(id);
          changes.removed.add(id);
          changes.set.delete(node);
          changes.regrouped.delete(node);
        } else if (record === RESIZE) {
          const node = nodeOf(reader.long());
          sizes.set(node.id, { x: reader.number(), y: reader.number() });
          changes.resized.add(node);
        } else throw new Error(`the screen's feed: there is no record ${record}`);
      }
      return changes;
    },
  };
}

type Reader = ReturnType<typeof createReader>;

function readClass(reader: Reader): GuiClass {
  const name = reader.text();
  const ancestors = new Set(reader.text().split(" "));
  const properties: string[] = [];
  const defaults: Record<string, Value> = {};
  for (let left = reader.short(); left > 0; left--) {
    const property = reader.text();
    properties.push(property);
    defaults[property] = reader.value();
  }
  return { name, ancestors, properties, defaults };
}

function readNode(reader: Reader, classes: ReadonlyMap<number, GuiClass>): GuiNode {
  const id = reader.long();
  const kind = classes.get(reader.short());
  if (kind === undefined) throw new Error(`the screen's feed: node ${id} is of a class that was not announced`);
  const props = Object.create(kind.defaults) as Record<string, Value>;
  for (let left = reader.short(); left > 0; left--) props[propertyName(kind, reader.short())] = reader.value();
  return { id, class: kind, props, parent: undefined, children: [], box: undefined };
}

/** Luau counts from 1. */
function propertyName(kind: GuiClass, number: number): string {
  const name = kind.properties[number - 1];
  if (name === undefined) throw new Error(`the screen's feed: ${kind.name} has no property number ${number}`);
  return name;
}
