import type { Value } from "../node.ts";
import type { Room } from "./pass.ts";

/** One direction of a list. */
export interface Track {
  readonly room: number;
  readonly open: boolean;
  /** HorizontalFlex or VerticalFlex. */
  readonly flex: Value;
  /** HorizontalAlignment or VerticalAlignment. */
  readonly alignment: string;
}

export interface Line<T> {
  readonly items: readonly T[];
  /** Pixels across the direction in which the list fills. */
  cross: number;
}

const SLACK = 1e-6;
const FRACTIONS: Readonly<Record<string, number>> = { Center: 0.5, Right: 1, Bottom: 1, End: 1 };

/** The part of the free space that lies before what is aligned. */
export function alignment(name: string): number {
  return FRACTIONS[name] ?? 0;
}

export function roomOf(props: Readonly<Record<string, Value>>, room: Room, axis: "x" | "y"): Track {
  if (axis === "x") {
    const { HorizontalFlex: flex, HorizontalAlignment } = props;
    return { room: room.width, open: room.openX, flex, alignment: HorizontalAlignment as string };
  }
  const { VerticalFlex: flex, VerticalAlignment } = props;
  return { room: room.height, open: room.openY, flex, alignment: VerticalAlignment as string };
}

/** Breaks items into lines that fit, where the list wraps; a line has one item at least. */
export function linesOf<T>(
  items: readonly T[],
  sizeOf: (item: T) => number,
  { wraps, main, gap }: { readonly wraps: boolean; readonly main: Track; readonly gap: number },
): Line<T>[] {
  if (!wraps) return items.length === 0 ? [] : [{ items, cross: 0 }];
  const lines: Line<T>[] = [];
  let line: T[] = [];
  let used = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (line.length > 0 && used + gap + size > main.room + SLACK) {
      lines.push({ items: line, cross: 0 });
      line = [];
    }
    used = line.length === 0 ? size : used + gap + size;
    line.push(item);
  }
  if (line.length > 0) lines.push({ items: line, cross: 0 });
  return lines;
}
