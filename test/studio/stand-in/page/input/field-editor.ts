import type { Field } from "../../screen/protocol.ts";
import type { Send, SendText } from "../send.ts";
import { type FieldInput, fieldInput } from "./field-input.ts";

type Selection = readonly [start: number, end: number];

export interface FieldEditor {
  /** The next operations know of this page's texts up to this number. */
  hear(number: number): void;
  describe(id: number, field: Field): void;
  /** Which text box has the focus; without an element none has. */
  focus(id: number, element: HTMLElement | undefined, selection: Selection | undefined): void;
  forget(id: number): void;
  /** Until `settle`, elements may move about: the browser's word on the focus does not count. */
  hold(): void;
  settle(): void;
  clear(): void;
}

interface Wanted {
  readonly id: number;
  readonly element: HTMLElement;
  readonly selection: Selection | undefined;
}

/** Edits the text box with the focus in a real input laid over its element. */
export function fieldEditor(send: Send, sendText: SendText): FieldEditor {
  const fields = new Map<number, Field>();
  let open: FieldInput | undefined;
  let wanted: Wanted | undefined;
  let heard = 0;
  let held = false;
  /** The number of the last text sent. */
  let sent = 0;

  const close = (): void => {
    const closing = open;
    // First: to take it away is also to take its focus, which is told at once.
    open = undefined;
    closing?.remove();
  };

  const leave = (id: number, enter: boolean): void => {
    if (held || open?.id !== id) return;
    close();
    wanted = undefined;
    send({ kind: "blur", id, enter });
  };

  const show = ({ id, element, selection }: Wanted): void => {
    const field = fields.get(id);
    // A hidden text box can have the focus; it is described once it is seen.
    if (field === undefined) return;
    if (open !== undefined && (open.id !== id || !open.fits(field))) close();
    open ??= fieldInput(id, element, field, {
      onText: (text, start, end) => {
        sent = sendText({ kind: "type", id, text, start, end });
      },
      onLeave: (enter) => leave(id, enter),
    });
    open.takeFocus(selection);
  };

  return {
    hear(number) {
      heard = number;
    },
    describe(id, field) {
      fields.set(id, field);
      if (open?.id !== id) return;
      open.dress(field);
      if (sent <= heard) open.setText(field.text);
    },
    focus(id, element, selection) {
      const isStale = open?.id === id && sent > heard;
      wanted = element && { id, element, selection: isStale ? undefined : selection };
    },
    forget(id) {
      fields.delete(id);
      if (wanted?.id === id) wanted = undefined;
      if (open?.id === id) close();
    },
    hold() {
      held = true;
    },
    settle() {
      if (wanted === undefined) close();
      else if (open?.id !== wanted.id || wanted.selection !== undefined || !open.hasFocus()) show(wanted);
      if (wanted !== undefined) wanted = { ...wanted, selection: undefined };
      held = false;
    },
    clear() {
      close();
      fields.clear();
      wanted = undefined;
      sent = 0;
    },
  };
}
