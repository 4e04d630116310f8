/** Room that is kept above and below, for the ring around a control. */
const MARGIN = 4;

/** Scrolls a pane as far as it takes to show what lies `top` pixels below its upper edge, its top first. */
export function revealSpan(pane: ScrollingFrame, top: number, height: number): void {
  const above = top - MARGIN;
  const below = above + height + 2 * MARGIN - pane.AbsoluteWindowSize.Y;
  const by = above < 0 ? above : math.min(above, math.max(0, below));
  if (by !== 0) pane.CanvasPosition = pane.CanvasPosition.add(new Vector2(0, by));
}

/** Scrolls what an object is in as far as it takes to show all of it, its top first. */
export function reveal(object: GuiObject): void {
  const pane = object.FindFirstAncestorWhichIsA("ScrollingFrame");
  if (pane === undefined) return;
  revealSpan(pane, object.AbsolutePosition.Y - pane.AbsolutePosition.Y, object.AbsoluteSize.Y);
}
