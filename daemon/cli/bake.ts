/** What an installed plugin knows from the start. */
export interface Baked {
  readonly url: string;
  readonly token: string;
}

/** The empty StringValue named Baked in the packed plugin; its two properties come in either order. */
const PLACE =
  /(<Item class="StringValue"[^>]*>\s*<Properties>)((?:(?!<\/Properties>)[\s\S])*<string name="Name">Baked<\/string>(?:(?!<\/Properties>)[\s\S])*)(<\/Properties>)/g;
const VALUE = /<string name="Value">\s*<\/string>|<string name="Value"\s*\/>/;

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The packed plugin (.rbxmx) with its settings in it. Throws where the file has not exactly one empty place for them. */
export function bake(packed: string, settings: Baked): string {
  const places = [...packed.matchAll(PLACE)].filter((match) => VALUE.test(match[2] ?? ""));
  if (places.length !== 1) throw new Error("the packed plugin has no place for its settings; build it again");
  const value = `<string name="Value">${escapeXml(JSON.stringify(settings))}</string>`;
  return packed.replace(
    PLACE,
    (_match, head: string, properties: string, tail: string) =>
      `${head}${properties.replace(VALUE, () => value)}${tail}`,
  );
}
