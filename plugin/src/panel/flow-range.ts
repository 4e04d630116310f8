import { batch, source } from "@rbxts/vide";

/** Items whose objects are made in one frame. */
const ITEMS_A_FRAME = 1;

/** The items that have objects: a few more in each frame, until they are those that are wanted. */
export interface FlowRange {
  readonly from: () => number;
  /** Not included. */
  readonly to: () => number;
  /** There are so many items now. Those that come at the end get their objects at once, where the end has some. */
  resize(size: number): void;
  /** To be called when other items may be wanted. */
  change(): void;
  close(): void;
}

/** @param wanted answers the first item that is wanted, the end of them, and the one to begin with. */
export function createFlowRange(wanted: () => LuaTuple<[first: number, last: number, middle: number]>): FlowRange {
  const from = source(0);
  const to = source(0);
  let size = 0;
  let isSettling = false;
  let isOver = false;

  /** A frame's work; answers whether there is nothing left to do. */
  function settle(): boolean {
    const [first, last, middle] = wanted();
    let [begin, finish] = [math.max(from(), first), math.min(to(), last)];
    if (begin >= finish) begin = finish = math.min(middle, last);
    for (const _ of $range(1, ITEMS_A_FRAME)) {
      if (finish < last) finish += 1;
      else if (begin > first) begin -= 1;
    }
    batch(() => {
      from(begin);
      to(finish);
    });
    return begin === first && finish === last;
  }

  return {
    from,
    to,
    resize(now) {
      if (to() === size && now > size) to(math.min(now, size + ITEMS_A_FRAME));
      size = now;
    },
    change() {
      if (isSettling) return;
      isSettling = true;
      task.defer(() => {
        while (!isOver && !settle()) task.wait();
        isSettling = false;
      });
    },
    close() {
      isOver = true;
    },
  };
}
