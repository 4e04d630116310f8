import { type Source, source } from "@rbxts/vide";

/** Sizes in pixels. */
export const SIZE = { gap: 6, inset: 8, row: 22, indent: 14, text: 14, title: 16, code: 34, scrollBar: 8 } as const;

export const FONT = Enum.Font.SourceSans;
export const BOLD = Enum.Font.SourceSansBold;
export const MONO = Enum.Font.Code;

type Colour = () => Color3;

/** Studio's colours, light or dark as the user has set it, following each change. */
export interface Theme {
  readonly background: Colour;
  readonly raised: Colour;
  readonly border: Colour;
  readonly text: Colour;
  readonly dim: Colour;
  readonly warning: Colour;
  readonly button: Colour;
  readonly buttonText: Colour;
  readonly input: Colour;
  close(): void;
}

/** `studio` is `settings().Studio`. */
export function createTheme(studio: Studio): Theme {
  const current: Source<StudioTheme> = source(studio.Theme);
  const connection = studio.ThemeChanged.Connect(() => current(studio.Theme));
  const colour = (name: Enum.StudioStyleGuideColor) => () => current().GetColor(name);
  return {
    background: colour(Enum.StudioStyleGuideColor.MainBackground),
    raised: colour(Enum.StudioStyleGuideColor.Titlebar),
    border: colour(Enum.StudioStyleGuideColor.Border),
    text: colour(Enum.StudioStyleGuideColor.MainText),
    dim: colour(Enum.StudioStyleGuideColor.DimmedText),
    warning: colour(Enum.StudioStyleGuideColor.WarningText),
    button: colour(Enum.StudioStyleGuideColor.Button),
    buttonText: colour(Enum.StudioStyleGuideColor.ButtonText),
    input: colour(Enum.StudioStyleGuideColor.InputFieldBackground),
    close() {
      connection.Disconnect();
    },
  };
}
