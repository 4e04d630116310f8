import { defineConfig } from "vite";

/** Bundles the daemon into dist/: few files to read make a short start. The packages it bundles are pinned in package.json. */
export default defineConfig({
  build: {
    ssr: true,
    target: "node22",
    outDir: "dist",
    emptyOutDir: false,
    minify: false,
    rolldownOptions: {
      input: { main: "daemon/main.ts", "search-worker": "daemon/files/search/worker.ts" },
      output: { entryFileNames: "[name].js", chunkFileNames: "daemon/[name].js" },
    },
  },
  ssr: { noExternal: true },
});
