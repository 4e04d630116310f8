import "@fontsource/inconsolata/400.css";
import "@fontsource/inconsolata/700.css";
import "@fontsource/source-sans-3/300.css";
import "@fontsource/source-sans-3/400.css";
import "@fontsource/source-sans-3/400-italic.css";
import "@fontsource/source-sans-3/500.css";
import "@fontsource/source-sans-3/600.css";
import "@fontsource/source-sans-3/700.css";
import "@fontsource/source-sans-3/700-italic.css";

const FACES = [
  ...["300", "400", "500", "600", "700", "italic 400", "italic 700"].map((face) => `${face} 16px "Source Sans 3"`),
  ...["400", "700"].map((face) => `${face} 16px "Inconsolata"`),
];
const LONGEST_WAIT_MS = 1_000;

/** Settles when text can be painted in its own fonts, or after a second: late fonts are better than no picture. */
export async function fontsReady(): Promise<void> {
  const loaded = Promise.allSettled(FACES.map((face) => document.fonts.load(face)));
  await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT_MS))]);
}
