import type { Widget } from "../../screen/protocol.ts";
import { arrange, make } from "../element.ts";
import type { Send } from "../send.ts";
import { type WidgetPane, widgetPane } from "./widget-pane.ts";

type Dock = Widget["dock"];
const DOCKS = ["left", "right", "top", "bottom", "float"] as const satisfies readonly Dock[];

export interface Docks {
  readonly elements: Readonly<Record<Dock, HTMLElement>>;
  show(widgets: readonly Widget[]): void;
  /** Puts the top elements that have been drawn since into their panes. */
  mount(): void;
  clear(): void;
}

/** The places around the editor where dock widgets lie. With `only`, no other widget is shown. */
export function docks(rootOf: (id: number) => HTMLElement | undefined, send: Send, only: string | undefined): Docks {
  const panes = new Map<number, WidgetPane>();
  let shown: readonly Widget[] = [];
  const dock = (name: Dock) => make("div", { class: "dock", "data-dock-area": name });
  const elements = {
    left: dock("left"),
    right: dock("right"),
    top: dock("top"),
    bottom: dock("bottom"),
    float: dock("float"),
  };

  /** A side is as wide as its widest widget wants to be, until the user drags it. */
  const measure = (name: Dock, within: readonly Widget[]): void => {
    const index = name === "left" || name === "right" ? 0 : 1;
    const enabled = within.filter((widget) => widget.enabled);
    elements[name].classList.toggle("has-widgets", enabled.length > 0);
    elements[name].style.setProperty("--wanted", `${Math.max(0, ...enabled.map(({ size }) => size[index]))}px`);
    elements[name].style.setProperty("--least", `${Math.max(0, ...enabled.map(({ least }) => least[index]))}px`);
  };

  const mount = (): void => {
    for (const { id } of shown) {
      const root = rootOf(id);
      if (root !== undefined) panes.get(id)?.mount(root);
    }
  };

  const show = (widgets: readonly Widget[]): void => {
    shown = only === undefined ? widgets : widgets.filter(({ title }) => title === only);
    for (const [id, pane] of panes) {
      if (shown.some((widget) => widget.id === id)) continue;
      pane.remove();
      panes.delete(id);
    }
    for (const widget of shown) {
      const pane = panes.get(widget.id) ?? widgetPane(widget.id, send);
      panes.set(widget.id, pane);
      pane.show(widget);
    }
    mount();
    for (const name of DOCKS) {
      const within = shown.filter((widget) => widget.dock === name);
      const wanted = within.flatMap(({ id }) => panes.get(id)?.element ?? []);
      arrange(elements[name], wanted);
      measure(name, within);
    }
  };

  return { elements, show, mount, clear: () => show([]) };
}
