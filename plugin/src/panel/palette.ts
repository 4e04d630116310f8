import { apart, contrast, readable } from "./contrast.js";

/** WCAG AA, of text and of what shows where a control is. */
const TEXT = 4.5;
const CONTROL = 3;
/** What is enough to see that something has changed under the pointer, and where a button ends. */
const SHADE = 1.12;
const EDGE = 1.5;

const GREEN = Color3.fromRGB(60, 170, 80);

/** Colours of text, each readable on the surface it belongs to. */
interface Ink {
  readonly plain: Color3;
  readonly dim: Color3;
  readonly info: Color3;
  readonly good: Color3;
  readonly warning: Color3;
  readonly error: Color3;
}
export type Tone = keyof Ink;

interface Surface extends Ink {
  readonly fill: Color3;
}

interface Shade {
  readonly fill: Color3;
  readonly text: Color3;
  readonly border: Color3;
}

/** A button at rest, under the pointer, pressed, and where it cannot be pressed. */
interface ButtonColours {
  readonly idle: Shade;
  readonly hover: Shade;
  readonly press: Shade;
  readonly off: Shade;
  /** The ring of the keyboard's focus. */
  readonly ring: Color3;
}

export interface Palette {
  readonly panel: Surface;
  /** Headings and cards. */
  readonly raised: Surface;
  /** Under a row of the tree, by the state of the pointer. */
  readonly row: { readonly idle: Surface; readonly hover: Surface; readonly press: Surface };
  readonly primary: ButtonColours;
  readonly secondary: ButtonColours;
  /** On a raised surface, without a border. */
  readonly quiet: ButtonColours;
  readonly input: Shade & { readonly dim: Color3 };
  /** Divides, and says nothing. */
  readonly line: Color3;
  readonly ring: Color3;
  readonly scrollBar: Color3;
}

type Name = Enum.StudioStyleGuideColor;
const NAMES = Enum.StudioStyleGuideColor;
const STATES = Enum.StudioStyleGuideModifier;

/** Studio's colours as the panel uses them, moved as far as WCAG AA asks for. */
export function paletteOf(theme: StudioTheme): Palette {
  const get = (name: Name, state?: Enum.StudioStyleGuideModifier) => theme.GetColor(name, state);

  function surface(fill: Color3): Surface {
    const ink = (colour: Color3) => readable(colour, fill, TEXT);
    return {
      fill,
      plain: ink(get(NAMES.MainText)),
      dim: ink(get(NAMES.DimmedText)),
      info: ink(get(NAMES.LinkText)),
      good: ink(GREEN),
      warning: ink(get(NAMES.WarningText)),
      error: ink(get(NAMES.ErrorText)),
    };
  }

  const panel = surface(get(NAMES.MainBackground));
  const raised = surface(get(NAMES.HeaderSection));
  const ring = readable(get(NAMES.LinkText), panel.fill, CONTROL);

  /** Fills under the pointer and pressed, each unlike the other and the one at rest. */
  function fills(
    name: Name,
    pressed: Enum.StudioStyleGuideModifier,
    idle: Color3,
    text: Color3,
    adapt = (fill: Color3) => fill,
  ) {
    const hover = apart(adapt(get(name, STATES.Hover)), [idle], text, SHADE);
    return { idle, hover, press: apart(adapt(get(name, pressed)), [idle, hover], text, SHADE) };
  }

  const rows = fills(NAMES.Item, STATES.Selected, panel.fill, panel.plain);
  const quiets = fills(NAMES.Item, STATES.Selected, raised.fill, raised.plain);
  const seconds = fills(NAMES.Button, STATES.Pressed, get(NAMES.Button), get(NAMES.ButtonText));

  function secondary(fill: Color3): Shade {
    const border = readable(get(NAMES.ButtonBorder), panel.fill, EDGE);
    return { fill, text: readable(get(NAMES.ButtonText), fill, TEXT), border };
  }

  /** White on Studio's blue is too pale: the blue gives way, as the white cannot. */
  const onMain = get(NAMES.DialogMainButtonText);
  const darker = (fill: Color3) => readable(fill, onMain, TEXT);
  const firsts = fills(NAMES.MainButton, STATES.Pressed, darker(get(NAMES.MainButton)), onMain, darker);
  const primary = (fill: Color3): Shade => ({ fill, text: onMain, border: fill });

  function quiet(fill: Color3): Shade {
    return { fill, text: readable(get(NAMES.MainText), fill, TEXT), border: fill };
  }

  const off: Shade = {
    fill: panel.fill,
    text: panel.dim,
    border: readable(get(NAMES.ButtonBorder), panel.fill, EDGE),
  };
  const field = get(NAMES.InputFieldBackground);
  return {
    panel,
    raised,
    row: { idle: panel, hover: surface(rows.hover), press: surface(rows.press) },
    primary: {
      idle: primary(firsts.idle),
      hover: primary(firsts.hover),
      press: primary(firsts.press),
      off,
      ring: contrast(ring, firsts.idle) >= CONTROL ? ring : panel.plain,
    },
    secondary: {
      idle: secondary(seconds.idle),
      hover: secondary(seconds.hover),
      press: secondary(seconds.press),
      off,
      ring,
    },
    quiet: {
      idle: quiet(quiets.idle),
      hover: quiet(quiets.hover),
      press: quiet(quiets.press),
      off: { fill: raised.fill, text: raised.dim, border: raised.fill },
      ring: readable(ring, raised.fill, CONTROL),
    },
    input: {
      dim: readable(get(NAMES.DimmedText), field, TEXT),
      fill: field,
      text: readable(get(NAMES.MainText), field, TEXT),
      border: readable(get(NAMES.InputFieldBorder), panel.fill, CONTROL),
    },
    line: get(NAMES.Border),
    ring,
    scrollBar: readable(get(NAMES.ScrollBar), panel.fill, CONTROL),
  };
}
