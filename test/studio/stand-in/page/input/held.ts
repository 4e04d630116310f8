import type { Held } from "../../screen/protocol.ts";

export function heldKeys({ shiftKey, ctrlKey, altKey, metaKey }: MouseEvent | KeyboardEvent): Held {
  return { shift: shiftKey, ctrl: ctrlKey, alt: altKey, meta: metaKey };
}
