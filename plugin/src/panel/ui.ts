import type { Keyboard } from "./keyboard.js";
import type { Theme } from "./theme.js";

/** What every part of the panel needs to be drawn and reached. */
export interface Ui {
  readonly theme: Theme;
  readonly keyboard: Keyboard;
}
