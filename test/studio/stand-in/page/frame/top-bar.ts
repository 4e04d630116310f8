import type { ToPage } from "../../screen/protocol.ts";
import { make } from "../element.ts";
import type { Send } from "../send.ts";

type Theme = NonNullable<ToPage["theme"]>;

export interface TopBar {
  readonly element: HTMLElement;
  history(steps: NonNullable<ToPage["history"]>): void;
  theme(theme: Theme): void;
}

/** Studio's own buttons beside the plugins' toolbars: undo, redo, and the theme. */
export function topBar(toolbars: HTMLElement, send: Send): TopBar {
  const undo = make("button", { type: "button", "data-history": "undo" }, "Undo");
  const redo = make("button", { type: "button", "data-history": "redo" }, "Redo");
  const theme = make("button", { type: "button", "data-theme-switch": "" });
  let other: Theme = "Dark";
  undo.addEventListener("click", () => send({ kind: "undo" }));
  redo.addEventListener("click", () => send({ kind: "redo" }));
  theme.addEventListener("click", () => send({ kind: "theme", theme: other }));

  const name = (button: HTMLButtonElement, verb: string, step: string | undefined): void => {
    button.disabled = step === undefined;
    button.title = step === undefined ? `Nothing to ${verb.toLowerCase()}` : `${verb}: ${step}`;
  };
  const bar: TopBar = {
    element: make(
      "header",
      { class: "top-bar" },
      toolbars,
      make("div", { class: "toolbar", role: "toolbar", "aria-label": "Studio" }, undo, redo, theme),
    ),
    history(steps) {
      name(undo, "Undo", steps.undo);
      name(redo, "Redo", steps.redo);
    },
    theme(shown) {
      other = shown === "Light" ? "Dark" : "Light";
      document.documentElement.dataset["theme"] = shown;
      theme.textContent = `Theme: ${shown}`;
      theme.title = `Switch to the ${other.toLowerCase()} theme`;
    },
  };
  bar.history({});
  bar.theme("Light");
  return bar;
}
