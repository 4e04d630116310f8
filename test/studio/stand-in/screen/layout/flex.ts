/** An item of a line, along the line. Pixels. */
export interface FlexItem {
  /** From which it grows or shrinks. */
  readonly basis: number;
  readonly grow: number;
  readonly shrink: number;
  /** Of its UISizeConstraint, which is stronger than any flex. */
  readonly least: number;
  readonly most: number;
}

const SLACK = 1e-6;

/**
 * The sizes of the items of a line with `free` pixels left, or too many where it is negative. Each takes its ratio's
 * part; what one cannot take, because of its limits, goes to the others. (Ratios weigh pixels, not shares of the basis.)
 */
export function flexed(items: readonly FlexItem[], free: number): number[] {
  const sizes = items.map(({ basis }) => basis);
  if (Math.abs(free) < SLACK) return sizes;
  const ratio = (item: FlexItem) => Math.max(0, free > 0 ? item.grow : item.shrink);
  const flexible = new Set([...items.keys()].filter((i) => ratio(items[i] as FlexItem) > 0));
  let left = free;
  while (flexible.size > 0 && Math.abs(left) > SLACK) {
    let total = 0;
    for (const i of flexible) total += ratio(items[i] as FlexItem);
    const share = left / total;
    for (const i of flexible) {
      const item = items[i] as FlexItem;
      const before = sizes[i] as number;
      const wanted = before + share * ratio(item);
      const size = Math.min(Math.max(wanted, item.least, 0), item.most);
      sizes[i] = size;
      left -= size - before;
      if (Math.abs(size - wanted) > SLACK) flexible.delete(i);
    }
  }
  return sizes;
}

/** Free pixels before the first item and between two, besides the padding. */
export function distributed(alignment: unknown, free: number, count: number): { start: number; between: number } {
  if (free > 0 && alignment === "SpaceBetween") return { start: 0, between: count > 1 ? free / (count - 1) : 0 };
  if (free > 0 && alignment === "SpaceAround") return { start: free / count / 2, between: free / count };
  if (free > 0 && alignment === "SpaceEvenly") return { start: free / (count + 1), between: free / (count + 1) };
  return { start: 0, between: 0 };
}

/** Whether the free space is spread between the items. */
export function isSpread(alignment: unknown): boolean {
  return alignment === "SpaceBetween" || alignment === "SpaceAround" || alignment === "SpaceEvenly";
}
