/** The tree of a dock widget as the worker holds it: what Luau's objects say, and where layout has put them. */

export interface UDim {
  readonly scale: number;
  readonly offset: number;
}
export interface UDim2 {
  readonly x: UDim;
  readonly y: UDim;
}
export interface Vector2 {
  readonly x: number;
  readonly y: number;
}
/** 0xRRGGBB. */
export type Color = number;
export interface FontFace {
  /** The name of the family file, as `SourceSansPro`. */
  readonly family: string;
  /** 100 to 900. */
  readonly weight: number;
  readonly italic: boolean;
}
/** An enum item is its name; an instance, and what else is not drawn, is undefined. */
export type Value = undefined | boolean | number | string | UDim | UDim2 | Vector2 | FontFace;

/** A class as Luau has announced it. */
export interface GuiClass {
  readonly name: string;
  /** The class itself and all it inherits from. */
  readonly ancestors: ReadonlySet<string>;
  /** By number, the name of each property. */
  readonly properties: readonly string[];
  /** Every property's default; the prototype of each node's `props`. */
  readonly defaults: Readonly<Record<string, Value>>;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface GuiNode {
  readonly id: number;
  readonly class: GuiClass;
  /** What was assigned; what was not is found in the class's defaults, through the prototype. */
  readonly props: Record<string, Value>;
  parent: GuiNode | undefined;
  /** In the order in which they were parented. */
  readonly children: GuiNode[];
  /** What layout found; undefined before the first layout and for what takes no room (a UIPadding, a Folder). */
  box: Box | undefined;
}

/** Pixels from the widget's upper left corner. All of these are Studio's read-only properties, or follow from them. */
export interface Box {
  /** AbsolutePosition and AbsoluteSize. */
  readonly rect: Rect;
  /** TextBounds, lines and all, where the node shows text. */
  readonly text?: TextBlock;
  /** AbsoluteCanvasSize, AbsoluteWindowSize and the clamped CanvasPosition, where it scrolls. */
  readonly scroll?: { readonly canvas: Vector2; readonly window: Vector2; readonly position: Vector2 };
}

/** Text that has been broken into lines. */
export interface TextBlock {
  /** TextBounds: what the text takes, at most the room there is where TextWrapped or TextTruncate say so. */
  readonly bounds: Vector2;
  /** TextFits. */
  readonly fits: boolean;
  /** TextSize, or what TextScaled made of it. */
  readonly size: number;
  readonly lines: readonly TextLine[];
}

/** One line: its place inside the node's rectangle (alignment and padding applied). */
export interface TextLine {
  readonly x: number;
  /** The line's upper edge; it is `height` high, the first baseline follows from the font. */
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly runs: readonly TextRun[];
}

/** Characters of one look. What RichText does not change is undefined and the node's. */
export interface TextRun {
  readonly text: string;
  readonly width: number;
  readonly font: FontFace;
  /** TextSize in pixels: a line's height, not the font's em. */
  readonly size: number;
  readonly color?: Color;
  readonly transparency?: number;
  readonly underline?: boolean;
  readonly strike?: boolean;
  readonly mark?: { readonly color: Color; readonly transparency: number };
  readonly stroke?: { readonly color: Color; readonly thickness: number; readonly transparency: number };
}
