import type { Color, GuiNode, UDim } from "../node.ts";

export type Style = Readonly<Record<string, string>>;

const HOVER_SHADE = 0.9; // of a button's colours while the pointer is over it, and while it is pressed
const PRESS_SHADE = 0.75;

/** `transparency` from 0 (opaque) to 1. */
export function css(color: Color, transparency = 0): string {
  const alpha = Math.round((1 - Math.min(1, Math.max(0, transparency))) * 1000) / 1000;
  return `rgb(${(color >> 16) & 255} ${(color >> 8) & 255} ${color & 255} / ${alpha})`;
}

function shaded(color: Color, by: number): Color {
  const channel = (shift: number) => Math.round(((color >> shift) & 255) * by) << shift;
  return channel(16) | channel(8) | channel(0);
}

/** The component of a class that acts on a node: the first, as in Studio. */
export function componentOf(node: GuiNode, name: string): GuiNode | undefined {
  return node.children.find((child) => child.class.name === name && child.props["Enabled"] !== false);
}

const isText = (node: GuiNode) => node.props["Text"] !== undefined;

function backgroundOf(node: GuiNode): string {
  const color = node.props["BackgroundColor3"] as Color;
  const state = node.props["AutoButtonColor"] === true ? node.props["GuiState"] : "Idle";
  const shade = state === "Hover" ? HOVER_SHADE : state === "Press" ? PRESS_SHADE : 1;
  return css(shaded(color, shade), node.props["BackgroundTransparency"] as number);
}

function radiusOf(corner: GuiNode, width: number, height: number): number {
  const { scale, offset } = corner.props["CornerRadius"] as UDim;
  const shorter = Math.min(width, height);
  return Math.min(shorter / 2, Math.max(0, scale * shorter + offset));
}

/** A border lies outside of the rectangle, as a UIStroke does; with round corners only the stroke is drawn. */
function edgesOf(node: GuiNode, corner: GuiNode | undefined): string[] {
  const edges: string[] = [];
  const stroke = componentOf(node, "UIStroke");
  if (stroke !== undefined && !(isText(node) && stroke.props["ApplyStrokeMode"] === "Contextual")) {
    const { Color, Thickness, Transparency } = stroke.props;
    edges.push(`0 0 0 ${Thickness as number}px ${css(Color as Color, Transparency as number)}`);
  }
  const width = node.props["BorderSizePixel"] as number;
  const transparency = node.props["BackgroundTransparency"] as number;
  if (width > 0 && transparency < 1 && corner === undefined) {
    const inset = node.props["BorderMode"] === "Inset" ? "inset " : "";
    edges.push(`${inset}0 0 0 ${width}px ${css(node.props["BorderColor3"] as Color, transparency)}`);
  }
  return edges;
}

/** The CSS declarations of a GuiObject's element: everything but its place and its text. */
export function styleOf(node: GuiNode): Style {
  const { props, box } = node;
  const style: Record<string, string> = {};
  if (props["Visible"] === false) return { display: "none" };
  if ((props["BackgroundTransparency"] as number) < 1) style["background-color"] = backgroundOf(node);
  const corner = componentOf(node, "UICorner");
  if (corner !== undefined && box !== undefined)
    style["border-radius"] = `${radiusOf(corner, box.rect.width, box.rect.height)}px`;
  const edges = edgesOf(node, corner);
  if (edges.length > 0) style["box-shadow"] = edges.join(", ");
  const isGroup = node.class.name === "CanvasGroup";
  if (props["ClipsDescendants"] === true || isGroup) style["overflow"] = "clip";
  if (isGroup) style["opacity"] = String(1 - (props["GroupTransparency"] as number));
  if (props["ZIndex"] !== 1) style["z-index"] = String(props["ZIndex"]);
  if (props["Rotation"] !== 0) style["transform"] = `rotate(${props["Rotation"] as number}deg)`;
  if (node.class.ancestors.has("GuiButton") && props["Active"] === true && props["Interactable"] !== false)
    style["cursor"] = "pointer";
  if (isImage(node)) {
    style["--image-colour"] = css(props["ImageColor3"] as Color, props["ImageTransparency"] as number);
    if (props["Image"] === "") style["--image-colour"] = "transparent";
  }
  return style;
}

const isImage = (node: GuiNode) => node.props["ImageColor3"] !== undefined;
