/** What is used of opentype.js 2, which comes without types. */
declare module "opentype.js" {
  export interface Font {
    readonly unitsPerEm: number;
    readonly glyphs: { get(index: number): { readonly advanceWidth?: number } };
    /** 0 for a character that the font does not have. */
    charToGlyphIndex(character: string): number;
  }
  const opentype: { parse(file: ArrayBuffer): Font };
  export default opentype;
}
