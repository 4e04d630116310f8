/** A change that is made to a script where it fits: what it does, and the text before and after. */
interface Change {
  readonly says: string;
  readonly find: RegExp;
  readonly put: string;
}

/** The first that fits is made; one of the last two fits any script. */
const CHANGES: readonly Change[] = [
  {
    says: "lets the lantern cast shadows",
    find: /^([ \t]*)light\.Range = .*$(?!\n[ \t]*light\.Shadows)/m,
    put: "$&\n$1light.Shadows = true",
  },
  {
    says: "adds a colour, moss, between warm and cold",
    find: /(?<!name = "moss".*\n)^([ \t]*)\{ name = "moon".*$/m,
    put: '$1{ name = "moss", color = Color3.fromRGB(158, 196, 120), warmth = 0.4 },\n$&',
  },
  { says: "asks for strict types", find: /^(?!--!strict)/, put: "--!strict\n" },
  { says: "adds a line on top", find: /^.*$/m, put: "$&\n-- Looked through by a scripted demonstration." },
];

/** A script with a small change, and what the change does. */
export function changed(script: string): { readonly says: string; readonly text: string } {
  const { says, find, put } = CHANGES.find((change) => change.find.test(script)) as Change;
  return { says, text: script.replace(find, put) };
}
