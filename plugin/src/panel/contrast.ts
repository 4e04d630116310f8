const BLACK = new Color3(0, 0, 0);
const WHITE = new Color3(1, 1, 1);
/** Halvings of the way from a colour to black or white; 8 reach one step of 255. */
const HALVINGS = 8;

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

/** WCAG's relative luminance, 0 (black) to 1 (white). */
function luminance(colour: Color3): number {
  return 0.2126 * linear(colour.R) + 0.7152 * linear(colour.G) + 0.0722 * linear(colour.B);
}

/** WCAG's contrast ratio, 1 to 21. */
export function contrast(one: Color3, other: Color3): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (math.max(a, b) + 0.05) / (math.min(a, b) + 0.05);
}

/** As the screen will show it, in 255 steps: a ratio must hold there. */
function shown(colour: Color3): Color3 {
  return Color3.fromRGB(math.round(colour.R * 255), math.round(colour.G * 255), math.round(colour.B * 255));
}

/** As much of the way to `goal` as gives `ratio` against `on`; all of it where that is not enough. */
function towards(goal: Color3, colour: Color3, on: Color3, ratio: number): Color3 {
  if (contrast(colour, on) >= ratio) return colour;
  let near = 0;
  let far = 1;
  for (const _ of $range(1, HALVINGS)) {
    const middle = (near + far) / 2;
    if (contrast(shown(colour.Lerp(goal, middle)), on) >= ratio) far = middle;
    else near = middle;
  }
  return shown(colour.Lerp(goal, far));
}

/**
 * The colour itself where its contrast with `on` is at least `ratio`, else moved towards black or white until it is.
 * Up to a ratio of 4.5 one of the two always gets there.
 */
export function readable(colour: Color3, on: Color3, ratio: number): Color3 {
  const goal = contrast(WHITE, on) > contrast(BLACK, on) ? WHITE : BLACK;
  return towards(goal, colour, on, ratio);
}

/** The one of them that is nearest to black or to white. */
function nearest(goal: Color3, colours: readonly Color3[]): Color3 {
  return colours.reduce((best, one) => (contrast(one, goal) < contrast(best, goal) ? one : best));
}

/**
 * The shade itself where its contrast with each of the others is at least `ratio`; else one beyond all of them, on the
 * side away from the text that stands on it where there is room, so that the text stays readable.
 */
export function apart(shade: Color3, others: readonly Color3[], text: Color3, ratio: number): Color3 {
  if (others.every((one) => contrast(shade, one) >= ratio)) return shade;
  const [away, closer] = luminance(text) > luminance(others[0]) ? [BLACK, WHITE] : [WHITE, BLACK];
  const goal = contrast(away, nearest(away, others)) >= ratio ? away : closer;
  const last = nearest(goal, others);
  return towards(goal, last, last, ratio);
}
