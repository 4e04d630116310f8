/**
 * What the page and the stand-in say to each other over one WebSocket, as JSON, one message a frame at most.
 * Drawing goes by node id; ids of nodes, of documents and of Explorer rows are numbers that are never used again.
 */

/** What changed since the last frame. A page that has just connected gets all there is. */
export interface ToPage {
  /** Sent once, first: everything the page has shown before is void. */
  readonly reset?: true;
  /** The number of the last `type` or `edit` this message knows of: texts in it that are older than the page's are not put in. */
  readonly heard?: number;
  readonly draw?: readonly DrawOp[];
  readonly theme?: "Light" | "Dark";
  readonly toolbar?: readonly ToolbarButton[];
  readonly widgets?: readonly Widget[];
  readonly explorer?: Explorer;
  readonly editor?: Editor;
  readonly history?: { readonly undo?: string; readonly redo?: string };
  /** Lines that were added. */
  readonly output?: readonly OutputLine[];
  /** Studio has ended, and why; only `restart` is heard from now on. */
  readonly ended?: string;
}

export type DrawOp =
  /** A new element, last in its parent; the parent of a widget's top element is 0. */
  | readonly ["add", id: number, parent: number, kind: ElementKind]
  /** With all that is in it. */
  | readonly ["remove", id: number]
  /** Becomes the last child of another. */
  | readonly ["move", id: number, parent: number]
  /** Pixels from the parent's upper left corner (of the canvas, where the parent scrolls). */
  | readonly ["place", id: number, x: number, y: number, width: number, height: number]
  /** CSS declarations of the element; null takes one away. Names are in CSS's spelling. */
  | readonly ["style", id: number, Readonly<Record<string, string | null>>]
  /** All lines of the text, in place of what was there. */
  | readonly ["text", id: number, readonly DrawnLine[]]
  /** The scrolling of a `scroll` element. */
  | readonly ["scroll", id: number, Scroll]
  /** How a `field` is edited while it has the focus. What a `type` said counts as drawn: it comes again only if it became another. */
  | readonly ["field", id: number, Field]
  /** The text box with the focus, or 0; offsets are of UTF-16 units in its text. What a `blur` or `type` said counts as drawn. */
  | readonly ["focus", id: number, selection?: readonly [start: number, end: number]];

/** `widget` is a dock widget's content; a `field` is a text box; a `scroll` keeps its children in a canvas that moves. */
export type ElementKind = "widget" | "box" | "text" | "field" | "image" | "scroll";

/** Pixels from the node's upper left corner; a run begins where the one before ends. */
export interface DrawnLine {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly runs: readonly { readonly text: string; readonly width: number; readonly css: string }[];
}

export interface Scroll {
  readonly canvas: readonly [width: number, height: number];
  readonly position: readonly [x: number, y: number];
  /** Bars in pixels from the node's corner, with what they show; none where nothing scrolls. */
  readonly bars: readonly {
    readonly axis: "x" | "y";
    readonly rect: readonly [x: number, y: number, width: number, height: number];
    readonly css: string;
  }[];
}

export interface Field {
  readonly text: string;
  readonly editable: boolean;
  /** Enter begins a new line. */
  readonly multiline: boolean;
  /** Lines are broken where the room ends. */
  readonly wrapped: boolean;
  /** Of the input that lies over the element: font, colour, alignment, padding. */
  readonly css: string;
}

export interface ToolbarButton {
  readonly id: number;
  readonly toolbar: string;
  readonly text: string;
  readonly tooltip: string;
  readonly enabled: boolean;
  readonly active: boolean;
}

export interface Widget {
  /** The id of its top element. */
  readonly id: number;
  readonly title: string;
  readonly enabled: boolean;
  readonly dock: "left" | "right" | "top" | "bottom" | "float";
  /** Wanted width and height in pixels, and the least. */
  readonly size: readonly [width: number, height: number];
  readonly least: readonly [width: number, height: number];
}

export interface Explorer {
  /** The rows of what is expanded, from the top. */
  readonly rows: readonly {
    readonly id: number;
    readonly depth: number;
    readonly name: string;
    readonly class: string;
    readonly expandable: boolean;
    readonly expanded: boolean;
    readonly selected: boolean;
    readonly script: boolean;
  }[];
  /** How many rows were left out at the end. */
  readonly hidden: number;
}

export interface Editor {
  readonly documents: readonly { readonly id: number; readonly title: string }[];
  /** The document on top, or 0. */
  readonly active: number;
  /** Its text, where it has changed by another hand than the page's. */
  readonly text?: string;
}

export interface OutputLine {
  readonly kind: "print" | "warn" | "error" | "info";
  readonly text: string;
  /** The script and line that wrote it, as `user_x.rbxmx.main:12`. */
  readonly from?: string;
}

/** Which keys are held. */
export interface Held {
  readonly shift: boolean;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
}

export type FromPage =
  /** The first message; a wrong key ends the connection. */
  | { readonly kind: "hello"; readonly key: string }
  /** `under`: ids of the elements at this point, the uppermost first. Pixels from the widget's corner. `clicks` counts a double click as 2. */
  | {
      readonly kind: "pointer";
      readonly type: "move" | "down" | "up" | "wheel" | "leave";
      readonly widget: number;
      readonly x: number;
      readonly y: number;
      readonly under: readonly number[];
      readonly button: 0 | 1 | 2;
      readonly clicks: number;
      /** Pixels, to the right and downwards. */
      readonly wheel: readonly [number, number];
      readonly held: Held;
    }
  /** `code` is KeyboardEvent.code. */
  | {
      readonly kind: "key";
      readonly type: "down" | "up";
      readonly widget: number;
      readonly code: string;
      readonly held: Held;
    }
  /** The focused text box's text and selection after each edit or caret move. `number` counts `type` and `edit` since the `hello`, from 1. */
  | {
      readonly kind: "type";
      readonly number: number;
      readonly id: number;
      readonly text: string;
      readonly start: number;
      readonly end: number;
    }
  /** The text box loses the focus. */
  | { readonly kind: "blur"; readonly id: number; readonly enter: boolean }
  /** A scroll bar was dragged. */
  | { readonly kind: "scroll"; readonly id: number; readonly x: number; readonly y: number }
  | { readonly kind: "resize"; readonly widget: number; readonly width: number; readonly height: number }
  | { readonly kind: "toolbar"; readonly id: number }
  | { readonly kind: "close-widget"; readonly id: number }
  | { readonly kind: "expand"; readonly id: number; readonly expanded: boolean }
  | { readonly kind: "select"; readonly ids: readonly number[] }
  /** Opens the script of an Explorer row. */
  | { readonly kind: "open"; readonly id: number }
  | { readonly kind: "show-document"; readonly id: number }
  | { readonly kind: "close-document"; readonly id: number }
  | { readonly kind: "edit"; readonly number: number; readonly id: number; readonly text: string }
  /** The caret of a document, or its selection: from 1, a character is a byte of UTF-8. */
  | {
      readonly kind: "caret";
      readonly id: number;
      readonly line: number;
      readonly character: number;
      readonly anchorLine: number;
      readonly anchorCharacter: number;
    }
  | { readonly kind: "undo" }
  | { readonly kind: "redo" }
  | { readonly kind: "theme"; readonly theme: "Light" | "Dark" }
  /** Starts Studio and its plugins anew. */
  | { readonly kind: "restart" };
