import type { GuiNode } from "../node.ts";
import type { ElementKind } from "../protocol.ts";

/** What has an element of its own: widgets and GuiObjects. */
export const isDrawn = (node: GuiNode) => node.class.ancestors.has("GuiBase2d");

export const isWidget = (node: GuiNode) => node.class.ancestors.has("LayerCollector");

/** The nearest drawn node above; a Folder between the two does not count. */
export function drawnParent(node: GuiNode): GuiNode | undefined {
  let parent = node.parent;
  while (parent !== undefined && !isDrawn(parent)) parent = parent.parent;
  return parent;
}

/** The drawn nodes below, each level of Folders opened. */
export function drawnChildren(node: GuiNode): GuiNode[] {
  return node.children.flatMap((child) => (isDrawn(child) ? [child] : drawnChildren(child)));
}

export function kindOf(node: GuiNode): ElementKind {
  if (isWidget(node)) return "widget";
  switch (node.class.name) {
    case "TextLabel":
    case "TextButton":
      return "text";
    case "TextBox":
      return "field";
    case "ImageLabel":
    case "ImageButton":
      return "image";
    case "ScrollingFrame":
      return "scroll";
    default:
      return "box";
  }
}
