import type { ToPage } from "../../screen/protocol.ts";
import type { ConnectionState } from "../connection.ts";
import { make } from "../element.ts";
import type { Send, SendText } from "../send.ts";
import { banner } from "./banner.ts";
import { divider } from "./divider.ts";
import { docks } from "./docks.ts";
import { editor } from "./editor.ts";
import { explorer } from "./explorer.ts";
import { output } from "./output.ts";
import { toolbars } from "./toolbars.ts";
import { topBar } from "./top-bar.ts";

export interface StudioFrame {
  readonly element: HTMLElement;
  /** All of a message but what is drawn. */
  show(message: ToPage): void;
  connection(state: ConnectionState): void;
}

interface Options {
  readonly send: Send;
  readonly sendText: SendText;
  readonly rootOf: (id: number) => HTMLElement | undefined;
  /** The title of the one widget that is shown, and fills the window. */
  readonly only: string | undefined;
}

/** Studio's window around the widgets: toolbars, Explorer, scripts, output. */
export function studioFrame({ send, sendText, rootOf, only }: Options): StudioFrame {
  const messages = banner(send);
  const bars = toolbars(send);
  const top = topBar(bars.element, send);
  const tree = explorer(send);
  const scripts = editor(send, sendText);
  const log = output();
  const sides = docks(rootOf, send, only);
  const { left, right, top: above, bottom: below, float } = sides.elements;
  const width = (label: string, side: "before" | "after", target: HTMLElement) =>
    divider({ label, axis: "x", side, target, least: 120 });
  const centre = make(
    "div",
    { class: "centre" },
    above,
    scripts.element,
    below,
    divider({ label: "Height of the output", axis: "y", side: "after", target: log.element, least: 60 }),
    log.element,
  );
  const workspace = make(
    "main",
    { class: "workspace" },
    tree.element,
    width("Width of the Explorer", "before", tree.element),
    left,
    width("Width of the widgets at the left", "before", left),
    centre,
    width("Width of the widgets at the right", "after", right),
    right,
    float,
  );
  // Where nothing is heard nothing can be done; only the output can still be read.
  const live = [top.element, tree.element, scripts.element, left, right, above, below, float];
  let connected = false;
  let ended = false;
  const enliven = (): void => {
    for (const element of live) element.inert = !connected || ended;
  };
  enliven();

  const reset = (): void => {
    ended = false;
    messages.ended(undefined);
    bars.show([]);
    top.history({});
    tree.show({ rows: [], hidden: 0 });
    scripts.clear();
    log.clear();
    sides.clear();
  };

  return {
    element: make(
      "div",
      { class: only === undefined ? "studio" : "studio only" },
      top.element,
      messages.element,
      workspace,
    ),
    show(message) {
      if (message.reset) reset();
      if (message.theme) top.theme(message.theme);
      if (message.toolbar) bars.show(message.toolbar);
      if (message.widgets) sides.show(message.widgets);
      else if (message.draw) sides.mount();
      if (message.explorer) tree.show(message.explorer);
      if (message.editor) scripts.show(message.editor, message.heard ?? Number.POSITIVE_INFINITY);
      if (message.history) top.history(message.history);
      if (message.output) log.add(message.output);
      if (message.ended !== undefined) {
        ended = true;
        messages.ended(message.ended);
      }
      enliven();
    },
    connection(state) {
      connected = state === "open";
      messages.connection(state);
      enliven();
    },
  };
}
