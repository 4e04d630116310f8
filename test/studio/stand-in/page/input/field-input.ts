import type { Field } from "../../screen/protocol.ts";
import { replaceText } from "../caret.ts";
import { make } from "../element.ts";

export interface FieldInput {
  readonly id: number;
  /** Whether it still can edit the field: a line and an area are different elements. */
  fits(field: Field): boolean;
  dress(field: Field): void;
  /** A text from elsewhere; not while the user composes one. */
  setText(text: string): void;
  /** Without a selection the caret stays, or goes to the end of a new input. */
  takeFocus(selection: readonly [start: number, end: number] | undefined): void;
  hasFocus(): boolean;
  remove(): void;
}

interface Listener {
  /** The text or the caret has changed by the user's hand. */
  onText(text: string, start: number, end: number): void;
  onLeave(enter: boolean): void;
}

/** A real input that lies over a text box's element, so that caret, selection, clipboard and input methods are real. */
export function fieldInput(id: number, element: HTMLElement, field: Field, listener: Listener): FieldInput {
  const { multiline } = field;
  const isArea = multiline || field.wrapped;
  const input = make(isArea ? "textarea" : "input");
  input.className = "field-input";
  // Never seen: it lets CSS know when the input is empty.
  input.placeholder = " ";
  input.spellcheck = false;
  input.autocomplete = "off";
  input.value = field.text;
  let known = "";
  let composedFrom: string | undefined;
  let later: string | undefined;

  const state = () => `${input.selectionStart} ${input.selectionEnd} ${input.value}`;
  const report = (): void => {
    if (composedFrom !== undefined || state() === known) return;
    known = state();
    listener.onText(input.value, input.selectionStart ?? 0, input.selectionEnd ?? 0);
  };
  const setText = (text: string): void => {
    replaceText(input, text);
    known = state();
  };
  const leaveToWidget = (enter: boolean): void => {
    const content = element.closest<HTMLElement>("[data-content]");
    listener.onLeave(enter);
    content?.focus({ preventScroll: true });
  };

  input.addEventListener("input", report);
  input.addEventListener("compositionstart", () => {
    composedFrom = input.value;
  });
  input.addEventListener("compositionend", () => {
    const isSame = input.value === composedFrom;
    composedFrom = undefined;
    if (isSame && later !== undefined) setText(later);
    later = undefined;
    report();
  });
  input.onkeydown = (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" || (event.key === "Enter" && !multiline)) {
      event.preventDefault();
      leaveToWidget(event.key === "Enter");
    }
  };
  input.addEventListener("blur", () => {
    // The window's own loss of the focus leaves the input the active element; what the plugin hides, nobody has left.
    if (document.activeElement !== input && element.checkVisibility()) listener.onLeave(false);
  });
  const onSelection = (): void => {
    if (document.activeElement === input) report();
  };
  document.addEventListener("selectionchange", onSelection);

  const dress = ({ css, editable }: Field): void => {
    input.style.cssText = css;
    input.readOnly = !editable;
  };
  dress(field);
  element.append(input);
  element.classList.add("editing");
  input.setSelectionRange(field.text.length, field.text.length);

  return {
    id,
    fits: (other) => other.multiline === multiline && (other.multiline || other.wrapped) === isArea,
    dress,
    setText(text) {
      if (composedFrom === undefined) setText(text);
      else later = text;
    },
    takeFocus(selection) {
      input.focus({ preventScroll: true });
      if (selection !== undefined) input.setSelectionRange(...selection);
      known = state();
    },
    hasFocus: () => document.activeElement === input,
    remove() {
      document.removeEventListener("selectionchange", onSelection);
      element.classList.remove("editing");
      const hadFocus = document.activeElement === input;
      const content = element.closest<HTMLElement>("[data-content]");
      input.remove();
      // The widget keeps the keys when the plugin takes the focus from a text box.
      if (hadFocus) content?.focus({ preventScroll: true });
    },
  };
}
