import { defineConfig } from "vite";

/** Bundles the daemon into dist/: few files to read make a short start. The packages it bundles are pinned in package.json. */
export default defineConfig({
  build: {
    ssr: "daemon/main.ts",
    target: "node22",
    outDir: "dist",
    emptyOutDir: false,
    minify: false,
    rolldownOptions: { output: { entryFileNames: "[name].js", chunkFileNames: "daemon/[name].js" } },
  },
  ssr: { noExternal: true },
});
