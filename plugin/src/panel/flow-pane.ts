import { source } from "@rbxts/vide";
import { createFollow, type Follow } from "./flow-follow.js";
import { revealSpan } from "./reveal.js";

/** The pane that a flow scrolls in, and what of the flow is in sight. Pixels. */
export interface FlowPane {
  /** From the flow's upper edge to the pane's. */
  readonly above: () => number;
  /** The height of the pane; 0 while there is none. */
  readonly sight: () => number;
  /** Whether the end is in sight, and stays there. */
  readonly isAtEnd: () => boolean;
  toEnd(): void;
  scroll(by: number): void;
  /** Shows what begins so far below the flow's upper edge, its beginning first. */
  reveal(top: number, height: number): void;
  /** To be called when the flow is put in or taken out of something. */
  enter(flow: Frame): void;
  /** To be called when the flow may be elsewhere, or of another size. */
  look(): void;
  leave(): void;
}

export function createFlowPane(onWidth: (width: number) => void): FlowPane {
  const above = source(0);
  const sight = source(0);
  const isAtEnd = source(true);
  let flow: Frame | undefined;
  let pane: ScrollingFrame | undefined;
  let follow: Follow | undefined;
  let before = new Vector2();
  let width = 0;

  function look(): void {
    if (flow === undefined || pane === undefined) return;
    above(pane.AbsolutePosition.Y - flow.AbsolutePosition.Y);
    sight(pane.AbsoluteWindowSize.Y);
    if (flow.AbsoluteSize.X === width) return;
    width = flow.AbsoluteSize.X;
    onWidth(width);
  }

  /** The pane is shared: what is shown there next finds it where it was. */
  function leave(): void {
    follow?.close();
    if (pane !== undefined) pane.CanvasPosition = before;
    pane = undefined;
  }

  return {
    above,
    sight,
    isAtEnd,
    toEnd() {
      follow?.toEnd();
    },
    scroll(by) {
      if (pane === undefined || by === 0) return;
      pane.CanvasPosition = pane.CanvasPosition.add(new Vector2(0, by));
      above(above() + by);
    },
    reveal(top, height) {
      if (pane !== undefined) revealSpan(pane, top - above(), height);
    },
    enter(entered) {
      flow = entered;
      const found = flow.FindFirstAncestorWhichIsA("ScrollingFrame");
      if (found === pane) return;
      leave();
      if (found === undefined) return;
      pane = found;
      before = found.CanvasPosition;
      follow = createFollow(found, isAtEnd);
      follow.toEnd();
      look();
    },
    look() {
      look();
    },
    leave() {
      leave();
    },
  };
}
