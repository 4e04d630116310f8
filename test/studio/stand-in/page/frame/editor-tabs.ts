import type { Editor } from "../../screen/protocol.ts";
import { arrange, make } from "../element.ts";

type Document = Editor["documents"][number];

export interface EditorTabs {
  readonly element: HTMLElement;
  show(documents: readonly Document[], active: number): void;
}

interface Listener {
  onShow(id: number): void;
  onClose(id: number): void;
}

interface Tab {
  readonly element: HTMLElement;
  readonly show: HTMLButtonElement;
  readonly close: HTMLButtonElement;
}

/** A tab for each open document. Delete closes the one with the focus, arrow keys show its neighbours. */
export function editorTabs({ onShow, onClose }: Listener): EditorTabs {
  const element = make("div", { class: "tabs", role: "tablist", "aria-label": "Documents" });
  const tabs = new Map<number, Tab>();
  let order: readonly number[] = [];

  const makeTab = (id: number): Tab => {
    const show = make("button", { type: "button", role: "tab", class: "tab-show", "aria-controls": "editor-panel" });
    const close = make("button", { type: "button", class: "tab-close" }, "×");
    show.addEventListener("click", () => onShow(id));
    close.addEventListener("click", () => onClose(id));
    show.addEventListener("keydown", ({ key }) => {
      if (key === "Delete") onClose(id);
      const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
      const neighbour = step === undefined ? undefined : order[order.indexOf(id) + step];
      if (neighbour === undefined) return;
      tabs.get(neighbour)?.show.focus();
      onShow(neighbour);
    });
    return { element: make("div", { class: "tab", role: "presentation" }, show, close), show, close };
  };

  return {
    element,
    show(documents, active) {
      order = documents.map(({ id }) => id);
      for (const id of tabs.keys()) if (!order.includes(id)) tabs.delete(id);
      const wanted = documents.map(({ id, title }) => {
        const tab = tabs.get(id) ?? makeTab(id);
        tabs.set(id, tab);
        tab.element.dataset["document"] = title;
        tab.show.textContent = title;
        tab.show.setAttribute("aria-selected", String(id === active));
        tab.show.tabIndex = id === active ? 0 : -1;
        tab.close.setAttribute("aria-label", `Close ${title}`);
        return tab.element;
      });
      arrange(element, wanted);
    },
  };
}
