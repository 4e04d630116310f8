import type { Editor as Shown } from "../../screen/protocol.ts";
import { positionOf } from "../caret.ts";
import { make } from "../element.ts";
import type { Send, SendText } from "../send.ts";
import { codeArea } from "./code-area.ts";
import { editorTabs } from "./editor-tabs.ts";

export interface Editor {
  readonly element: HTMLElement;
  /** `heard` is the number of the page's last text that the stand-in knows of. */
  show(editor: Shown, heard: number): void;
  clear(): void;
}

/** Edits are sent so often while the user types, and where the caret is. */
const EDIT_EVERY_MS = 100;

/** The scripts that are open, the one on top in a text area. */
export function editor(send: Send, sendText: SendText): Editor {
  const texts = new Map<number, string>();
  let active = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The number of the last text sent. */
  let sent = 0;
  /** Whether the text is another than the one sent. */
  let isEdited = false;

  const flush = (): void => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    const text = area.text();
    if (isEdited) {
      isEdited = false;
      texts.set(active, text);
      sent = sendText({ kind: "edit", id: active, text });
    }
    const { cursor, anchor } = area.caret();
    const [at, from] = [positionOf(text, cursor), positionOf(text, anchor)];
    send({ kind: "caret", id: active, ...at, anchorLine: from.line, anchorCharacter: from.character });
  };
  const later = (): void => {
    timer ??= setTimeout(flush, EDIT_EVERY_MS);
  };
  const area = codeArea({
    onEdit: () => {
      isEdited = true;
      later();
    },
    onCaret: later,
    onLeave: flush,
  });
  const tabs = editorTabs({
    onShow: (id) => send({ kind: "show-document", id }),
    onClose: (id) => send({ kind: "close-document", id }),
  });
  const panel = make("div", { class: "editor-panel", id: "editor-panel", role: "tabpanel" }, area.element);
  const empty = make("p", { class: "pane-note" }, "Double-click a script in the Explorer to open it.");

  const show = (shown: Shown, heard: number): void => {
    const isOther = shown.active !== active;
    if (isOther) flush();
    active = shown.active;
    const title = shown.documents.find(({ id }) => id === active)?.title ?? "";
    for (const id of texts.keys()) if (!shown.documents.some((document) => document.id === id)) texts.delete(id);
    tabs.show(shown.documents, active);
    panel.hidden = active === 0;
    panel.setAttribute("aria-label", title);
    empty.hidden = active !== 0;
    const isStale = isEdited || sent > heard;
    if (shown.text !== undefined && (isOther || !isStale)) texts.set(active, shown.text);
    if (isOther) area.open(texts.get(active) ?? "", title);
    else if (shown.text !== undefined && !isStale) area.setText(shown.text);
  };
  show({ documents: [], active: 0 }, 0);

  return {
    element: make(
      "section",
      { class: "pane", "data-pane": "editor", "aria-label": "Scripts" },
      tabs.element,
      panel,
      empty,
    ),
    show,
    clear() {
      clearTimeout(timer);
      timer = undefined;
      isEdited = false;
      sent = 0;
      texts.clear();
      active = 0;
      show({ documents: [], active: 0 }, 0);
    },
  };
}
