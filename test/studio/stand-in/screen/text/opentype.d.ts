/** What is used of opentype.js 2.0.0. The types that DefinitelyTyped has for it bring the browser's with them. */
declare module "opentype.js" {
  namespace opentype {
    interface Font {
      readonly unitsPerEm: number;
      readonly ascender: number;
      readonly descender: number;
      /** 0 where the font has no such character. */
      charToGlyphIndex(character: string): number;
      readonly glyphs: { get(index: number): { readonly advanceWidth?: number } };
    }
    function parse(font: ArrayBuffer): Font;
  }
  export default opentype;
}
