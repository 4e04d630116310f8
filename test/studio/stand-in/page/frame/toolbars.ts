import type { ToolbarButton } from "../../screen/protocol.ts";
import { arrange, make } from "../element.ts";
import type { Send } from "../send.ts";

export interface Toolbars {
  readonly element: HTMLElement;
  show(buttons: readonly ToolbarButton[]): void;
}

/** The plugins' toolbars, each a group of buttons. */
export function toolbars(send: Send): Toolbars {
  const element = make("div", { class: "toolbars" });
  const groups = new Map<string, HTMLElement>();
  const elements = new Map<number, HTMLButtonElement>();

  const groupOf = (name: string): HTMLElement => {
    const present = groups.get(name);
    if (present !== undefined) return present;
    const group = make("div", { class: "toolbar", role: "toolbar", "aria-label": name, "data-toolbar": name });
    groups.set(name, group);
    return group;
  };
  const buttonOf = (id: number): HTMLButtonElement => {
    const present = elements.get(id);
    if (present !== undefined) return present;
    const button = make("button", { type: "button", class: "toolbar-button" });
    button.addEventListener("click", () => send({ kind: "toolbar", id }));
    elements.set(id, button);
    return button;
  };

  return {
    element,
    show(buttons) {
      const members = new Map<string, HTMLButtonElement[]>();
      for (const { id, toolbar, text, tooltip, enabled, active } of buttons) {
        const button = buttonOf(id);
        button.textContent = text;
        button.title = tooltip;
        button.disabled = !enabled;
        button.setAttribute("aria-pressed", String(active));
        button.dataset["toolbarButton"] = text;
        members.set(toolbar, [...(members.get(toolbar) ?? []), button]);
      }
      for (const id of elements.keys()) if (!buttons.some((button) => button.id === id)) elements.delete(id);
      for (const name of groups.keys()) if (!members.has(name)) groups.delete(name);
      for (const [name, within] of members) arrange(groupOf(name), within);
      arrange(element, [...members.keys()].map(groupOf));
    },
  };
}
