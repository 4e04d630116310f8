import type { DrawOp, ElementKind, Scroll } from "../../screen/protocol.ts";
import type { FieldEditor } from "../input/field-editor.ts";
import type { Send } from "../send.ts";
import { type ScrollBars, scrollBars } from "./scroll-bars.ts";
import { drawLines } from "./text-lines.ts";

/** One painted element. Children go into `content`: a scrolling element's canvas, otherwise the element itself. */
interface Painted {
  readonly element: HTMLElement;
  readonly content: HTMLElement;
  lines?: HTMLElement;
  readonly bars?: ScrollBars;
}

export interface Painter {
  apply(ops: readonly DrawOp[]): void;
  /** A widget's top element, once it has been drawn. */
  root(id: number): HTMLElement | undefined;
  clear(): void;
}

function place(style: CSSStyleDeclaration, x: number, y: number, width: number, height: number): void {
  style.left = `${x}px`;
  style.top = `${y}px`;
  style.width = `${width}px`;
  style.height = `${height}px`;
}

function declare(style: CSSStyleDeclaration, declarations: Readonly<Record<string, string | null>>): void {
  for (const [name, value] of Object.entries(declarations)) style.setProperty(name, value);
}

function scroll({ content, bars }: Painted, to: Scroll): void {
  const [width, height] = to.canvas;
  const [x, y] = to.position;
  content.style.width = `${width}px`;
  content.style.height = `${height}px`;
  content.style.transform = `translate(${-x}px, ${-y}px)`;
  bars?.draw(to);
}

/** Turns draw operations into elements. An operation on an id that is not there is an error of the stand-in's. */
export function painter(fields: FieldEditor, send: Send): Painter {
  const painted = new Map<number, Painted>();

  const find = (id: number): Painted => {
    const found = painted.get(id);
    if (found === undefined) throw new Error(`nothing was drawn with the id ${id}`);
    return found;
  };

  const create = (id: number, kind: ElementKind): Painted => {
    const element = document.createElement("div");
    element.className = "node";
    element.dataset["node"] = String(id);
    element.dataset["kind"] = kind;
    if (kind !== "scroll") return { element, content: element };
    const canvas = document.createElement("div");
    canvas.className = "canvas";
    element.append(canvas);
    return { element, content: canvas, bars: scrollBars(element, (x, y) => send({ kind: "scroll", id, x, y })) };
  };

  const add = (id: number, parent: number, kind: ElementKind): void => {
    const made = create(id, kind);
    if (parent !== 0) find(parent).content.append(made.element);
    painted.set(id, made);
  };

  const remove = (id: number): void => {
    const { element } = find(id);
    for (const below of element.querySelectorAll<HTMLElement>("[data-node]")) {
      painted.delete(Number(below.dataset["node"]));
      fields.forget(Number(below.dataset["node"]));
    }
    painted.delete(id);
    fields.forget(id);
    element.remove();
  };

  const linesOf = (node: Painted): HTMLElement => {
    if (node.lines !== undefined) return node.lines;
    node.lines = document.createElement("div");
    node.lines.className = "lines";
    // Under the children, and under a canvas.
    node.element.prepend(node.lines);
    return node.lines;
  };

  const applyOne = (op: DrawOp): void => {
    switch (op[0]) {
      case "add":
        add(op[1], op[2], op[3]);
        break;
      case "remove":
        remove(op[1]);
        break;
      case "move":
        find(op[2]).content.append(find(op[1]).element);
        break;
      case "place":
        place(find(op[1]).element.style, op[2], op[3], op[4], op[5]);
        break;
      case "style":
        declare(find(op[1]).element.style, op[2]);
        break;
      case "text":
        drawLines(linesOf(find(op[1])), op[2]);
        break;
      case "scroll":
        scroll(find(op[1]), op[2]);
        break;
      case "field":
        fields.describe(op[1], op[2]);
        break;
      case "focus":
        fields.focus(op[1], op[1] === 0 ? undefined : find(op[1]).element, op[2]);
    }
  };

  return {
    apply: (ops) => ops.forEach(applyOne),
    root: (id) => painted.get(id)?.element,
    clear() {
      for (const { element } of painted.values()) element.remove();
      painted.clear();
    },
  };
}
