import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** Bundles the page into dist/studio/. Nothing is inlined, so that it runs under a strict Content-Security-Policy. */
export default defineConfig({
  base: "./",
  build: {
    target: "es2023",
    outDir: fileURLToPath(new URL("../../../../dist/studio", import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
