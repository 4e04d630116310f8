import type { Box, GuiNode, Vector2 } from "./node.ts";

/** A read-only property that layout gives. */
export interface Measure {
  readonly node: number;
  /** The property's number in luau/feed-wire.luau, from 1. */
  readonly which: number;
  readonly value: Vector2;
}

const BYTES = 21; // u32 node, u8 which, f64 x, f64 y

const POSITION = 1;
const SIZE = 2;
const TEXT_BOUNDS = 3;
const CONTENT_SIZE = 4;
const CANVAS_SIZE = 5;
const WINDOW_SIZE = 6;
const CANVAS_POSITION = 7;
const TEXT_FITS = 8; // x is 1 or 0

function measuresOf(node: GuiNode, box: Box): [which: number, value: Vector2][] {
  const { rect, text, scroll } = box;
  const size = { x: rect.width, y: rect.height };
  if (node.class.ancestors.has("UILayout")) return [[CONTENT_SIZE, size]];
  return [
    [POSITION, rect],
    [SIZE, size],
    ...(text === undefined
      ? []
      : ([
          [TEXT_BOUNDS, text.bounds],
          [TEXT_FITS, { x: text.fits ? 1 : 0, y: 0 }],
        ] as [number, Vector2][])),
    ...(scroll === undefined
      ? []
      : ([
          [CANVAS_SIZE, scroll.canvas],
          [WINDOW_SIZE, scroll.window],
          [CANVAS_POSITION, scroll.position],
        ] as [number, Vector2][])),
  ];
}

/** Adds what is otherwise than before; answers whether the node has to be painted anew. */
function differences(node: GuiNode, before: Box | undefined, into: Measure[]): boolean {
  if (node.box === undefined) return before !== undefined;
  const old = before === undefined ? [] : measuresOf(node, before);
  let differs = before?.text !== node.box.text;
  for (const [which, value] of measuresOf(node, node.box)) {
    const known = old.find(([number]) => number === which)?.[1];
    if (known !== undefined && known.x === value.x && known.y === value.y) continue;
    differs = true;
    into.push({ node: node.id, which, value: { x: value.x, y: value.y } });
  }
  return differs;
}

function bytes(measures: readonly Measure[]): Uint8Array {
  const all = Buffer.alloc(measures.length * BYTES);
  measures.forEach(({ node, which, value }, i) => {
    all.writeUInt32LE(node, i * BYTES);
    all.writeUInt8(which, i * BYTES + 4);
    all.writeDoubleLE(value.x, i * BYTES + 5);
    all.writeDoubleLE(value.y, i * BYTES + 13);
  });
  return all;
}

export const encodeMeasures = { differences, bytes };
