import { apart, contrast, readable } from "./contrast.js";

/** WCAG AA, of text and of what shows where a control is. */
const TEXT = 4.5;
const CONTROL = 3;
/** What is enough to see that something has changed under the pointer, and where a button ends. */
const SHADE = 1.12;
const EDGE = 1.5;

const GREEN = Color3.fromRGB(60, 170, 80);

/** Colours of text, each readable on the surface it belongs to. */
export interface Ink {
  readonly plain: Color3;
  readonly dim: Color3;
  readonly info: Color3;
  readonly good: Color3;
  readonly warning: Color3;
  readonly error: Color3;
}
export type Tone = keyof Ink;

export interface Surface extends Ink {
  readonly fill: Color3;
}

export interface Shade {
  readonly fill: Color3;
  readonly text: Color3;
  readonly border: Color3;
}

/** A button at rest, under the pointer, pressed, and where it cannot be pressed. */
export interface ButtonColours {
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
  readonly input: Shade;
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
  const shaded = (name: Name, state: Enum.StudioStyleGuideModifier, from: Surface) =>
    apart(get(name, state), from.fill, from.plain, SHADE);
  const ring = readable(get(NAMES.LinkText), panel.fill, CONTROL);

  function secondary(state?: Enum.StudioStyleGuideModifier): Shade {
    const idle = get(NAMES.Button);
    const text = get(NAMES.ButtonText, state);
    const fill = state === undefined ? idle : apart(get(NAMES.Button, state), idle, readable(text, idle, TEXT), SHADE);
    return {
      fill,
      text: readable(text, fill, TEXT),
      border: readable(get(NAMES.ButtonBorder, state), panel.fill, EDGE),
    };
  }

  /** White on Studio's blue is too pale: the blue gives way, as the white cannot. */
  function primary(state?: Enum.StudioStyleGuideModifier): Shade {
    const text = get(NAMES.DialogMainButtonText);
    const idle = readable(get(NAMES.MainButton), text, TEXT);
    const fill =
      state === undefined ? idle : apart(readable(get(NAMES.MainButton, state), text, TEXT), idle, text, SHADE);
    return { fill, text, border: fill };
  }

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
    row: {
      idle: panel,
      hover: surface(shaded(NAMES.Item, STATES.Hover, panel)),
      press: surface(shaded(NAMES.Item, STATES.Selected, panel)),
    },
    primary: {
      idle: primary(),
      hover: primary(STATES.Hover),
      press: primary(STATES.Pressed),
      off,
      ring: contrast(ring, primary().fill) >= CONTROL ? ring : panel.plain,
    },
    secondary: { idle: secondary(), hover: secondary(STATES.Hover), press: secondary(STATES.Pressed), off, ring },
    quiet: {
      idle: quiet(raised.fill),
      hover: quiet(shaded(NAMES.Item, STATES.Hover, raised)),
      press: quiet(shaded(NAMES.Item, STATES.Selected, raised)),
      off: { fill: raised.fill, text: raised.dim, border: raised.fill },
      ring: readable(ring, raised.fill, CONTROL),
    },
    input: {
      fill: field,
      text: readable(get(NAMES.MainText), field, TEXT),
      border: readable(get(NAMES.InputFieldBorder), panel.fill, CONTROL),
    },
    line: get(NAMES.Border),
    ring,
    scrollBar: readable(get(NAMES.ScrollBar), panel.fill, CONTROL),
  };
}
