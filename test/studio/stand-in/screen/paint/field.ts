import type { Color, FontFace, GuiNode, UDim } from "../node.ts";
import type { Field } from "../protocol.ts";
import { componentOf, css } from "./style.ts";
import { fontCss } from "./text.ts";

/** How a text box is edited: its letters stand where they are drawn while nobody edits them. */
export function fieldOf(node: GuiNode): Field {
  const { props, box } = node;
  const size = box?.text?.size ?? (props["TextSize"] as number);
  const multiline = props["MultiLine"] === true;
  const wrapped = props["TextWrapped"] === true;
  const align = (props["TextXAlignment"] as string).toLowerCase();
  const padding = paddingOf(node, size, multiline || wrapped);
  return {
    text: props["Text"] as string,
    editable: props["TextEditable"] !== false,
    multiline,
    wrapped,
    css: [
      fontCss(props["FontFace"] as FontFace, size),
      `line-height:${size}px`,
      `text-align:${align}`,
      `color:${css(props["TextColor3"] as Color)}`,
      `white-space:${wrapped ? "pre-wrap" : "pre"}`,
      `padding:${padding.map((pixels) => `${pixels}px`).join(" ")}`,
    ].join(";"),
  };
}

/** Top, right, bottom, left. A single line has its room for itself, so that the browser cannot centre it elsewhere. */
function paddingOf(node: GuiNode, size: number, isArea: boolean): [number, number, number, number] {
  const { width, height } = node.box?.rect ?? { width: 0, height: 0 };
  const padding = componentOf(node, "UIPadding");
  const side = (name: string, room: number) => {
    const { scale, offset } = (padding?.props[name] ?? { scale: 0, offset: 0 }) as UDim;
    return Math.max(0, scale * room + offset);
  };
  const [left, right] = [side("PaddingLeft", width), side("PaddingRight", width)];
  const [above, below] = [side("PaddingTop", height), side("PaddingBottom", height)];
  const align = { Top: 0, Center: 0.5, Bottom: 1 }[node.props["TextYAlignment"] as string] ?? 0.5;
  const top = node.box?.text?.lines[0]?.y ?? above + (height - above - below - size) * align;
  return [Math.max(0, top), right, isArea ? 0 : Math.max(0, height - top - size), left];
}
