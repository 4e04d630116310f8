/** Whether a click or key is to take something into the selection: Ctrl, on a Mac Command. */
export function isToggling(input: InputObject): boolean {
  return input.IsModifierKeyDown(Enum.ModifierKey.Ctrl) || input.IsModifierKeyDown(Enum.ModifierKey.Meta);
}

/** Whether a click or key is to take in all up to there. */
export function isExtending(input: InputObject): boolean {
  return input.IsModifierKeyDown(Enum.ModifierKey.Shift);
}
