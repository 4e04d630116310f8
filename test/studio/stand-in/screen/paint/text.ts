import type { Color, FontFace, GuiNode, TextRun } from "../node.ts";
import type { DrawnLine } from "../protocol.ts";
import { emOf } from "../text/font.ts";
import { componentOf, css } from "./style.ts";

const FAMILIES: Readonly<Record<string, string>> = { Inconsolata: "Inconsolata", RobotoMono: "Inconsolata" };

/** CSS of a font whose lines are `size` pixels high. */
export function fontCss(font: FontFace, size: number): string {
  const family = FAMILIES[font.family] ?? "Source Sans 3";
  const em = Math.round(emOf(font, size) * 1000) / 1000;
  return `font-family:"${family}";font-size:${em}px;font-weight:${font.weight};font-style:${font.italic ? "italic" : "normal"}`;
}

/** What outlines the text: RichText's own, a UIStroke, or TextStroke. */
function strokeOf(node: GuiNode, run: TextRun): string {
  if (run.stroke !== undefined) return strokeCss(run.stroke.thickness, run.stroke.color, run.stroke.transparency);
  const stroke = componentOf(node, "UIStroke");
  if (stroke?.props["ApplyStrokeMode"] === "Contextual") {
    const { Thickness, Color, Transparency } = stroke.props;
    return strokeCss(Thickness as number, Color as Color, Transparency as number);
  }
  const { TextStrokeTransparency, TextStrokeColor3 } = node.props;
  return (TextStrokeTransparency as number) < 1
    ? strokeCss(1, TextStrokeColor3 as Color, TextStrokeTransparency as number)
    : "";
}

/** Half of CSS's stroke lies inside of the letters, where the letters then cover it. */
function strokeCss(thickness: number, color: Color, transparency: number): string {
  return `;-webkit-text-stroke:${thickness * 2}px ${css(color, transparency)};paint-order:stroke`;
}

function runCss(node: GuiNode, run: TextRun, color: Color): string {
  const shade = css(run.color ?? color, run.transparency ?? (node.props["TextTransparency"] as number));
  const lines = [run.underline && "underline", run.strike && "line-through"].filter(Boolean).join(" ");
  return [
    `${fontCss(run.font, run.size)};color:${shade}`,
    lines === "" ? "" : `;text-decoration:${lines}`,
    run.mark === undefined ? "" : `;background-color:${css(run.mark.color, run.mark.transparency)}`,
    strokeOf(node, run),
  ].join("");
}

/** The lines of a text object, from its own upper left corner. A text box without text shows its placeholder. */
export function linesOf(node: GuiNode): DrawnLine[] {
  const isPlaceholder = node.class.name === "TextBox" && node.props["Text"] === "";
  const color = node.props[isPlaceholder ? "PlaceholderColor3" : "TextColor3"] as Color;
  return (node.box?.text?.lines ?? []).map(({ x, y, height, runs }) => ({
    x,
    y,
    height,
    runs: runs.map((run) => ({ text: run.text, width: run.width, css: runCss(node, run, color) })),
  }));
}
