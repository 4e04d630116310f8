/** Where items of different heights begin, one below the other. Heights are guessed until they are measured. */
export interface Heights<T> {
  item(index: number): T | undefined;
  /** -1 where it is not there any more. */
  indexOf(item: T): number;
  /** Takes over the items as they are now; what was measured of those that stay is kept. */
  set(items: readonly T[]): void;
  /** Pixels above an item; beyond the last one, the height of all. */
  top(index: number): number;
  /** The item at so many pixels from the top; the nearest where none is there. */
  at(pixels: number): number;
  /** An item was measured. */
  learn(index: number, height: number): void;
  /** Nothing measured is true any more: the width is another. */
  forget(): void;
}

export function createHeights<T extends defined>(guess: (item: T) => number): Heights<T> {
  let items: readonly T[] = [];
  let measured = new WeakMap<T, number>();
  const places = new Map<T, number>();
  /** Right up to, and including, `known`. */
  const tops: number[] = [0];
  let known = 0;

  function heightOf(index: number): number {
    return measured.get(items[index]) ?? guess(items[index]);
  }

  function top(wanted: number): number {
    const index = math.min(wanted, items.size());
    while (known < index) {
      tops[known + 1] = tops[known] + heightOf(known);
      known += 1;
    }
    return tops[index];
  }

  return {
    item(index) {
      return items[index];
    },
    indexOf(item) {
      return places.get(item) ?? -1;
    },
    set(now) {
      const shorter = math.min(items.size(), now.size());
      let same = 0;
      while (same < shorter && items[same] === now[same]) same += 1;
      for (let index = same; index < items.size(); index++) places.delete(items[index]);
      for (let index = same; index < now.size(); index++) places.set(now[index], index);
      items = now;
      known = math.min(known, same);
    },
    top(index) {
      return top(index);
    },
    at(pixels) {
      let low = 0;
      let high = math.max(0, items.size() - 1);
      while (low < high) {
        const middle = math.ceil((low + high) / 2);
        if (top(middle) <= pixels) low = middle;
        else high = middle - 1;
      }
      return low;
    },
    learn(index, height) {
      const grown = height - (top(index + 1) - top(index));
      measured.set(items[index], height);
      if (grown !== 0) for (let below = index + 1; below <= known; below++) tops[below] += grown;
    },
    forget() {
      measured = new WeakMap();
      known = 0;
    },
  };
}
