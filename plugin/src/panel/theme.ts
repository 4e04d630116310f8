import { source } from "@rbxts/vide";
import { type Palette, paletteOf } from "./palette.js";

/** Sizes in pixels; TextSize is the height of a line. */
export const SIZE = {
  gap: 8,
  tight: 4,
  inset: 12,
  row: 24,
  control: 28,
  indent: 12,
  dot: 8,
  text: 16,
  small: 14,
  code: 32,
  corner: 4,
  scrollBar: 8,
} as const;

export const FONT = Enum.Font.SourceSans;
export const BOLD = Enum.Font.SourceSansBold;
export const MONO = Enum.Font.Code;

/** Studio's colours, light or dark as the user has set it; a source that follows each change. */
export interface Theme {
  readonly palette: () => Palette;
  close(): void;
}

/** `studio` is `settings().Studio`. */
export function createTheme(studio: Studio): Theme {
  const palette = source(paletteOf(studio.Theme));
  const connection = studio.ThemeChanged.Connect(() => palette(paletteOf(studio.Theme)));
  return {
    palette: () => palette(),
    close() {
      connection.Disconnect();
    },
  };
}
