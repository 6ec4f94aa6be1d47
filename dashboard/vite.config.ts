import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vite";

const ROOT = import.meta.dirname;

export default defineConfig({
  root: ROOT,
  base: "/dashboard/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // The strict policy has no room for inline scripts, nor for data as a file.
  build: {
    target: "es2023",
    // The first ones with light-dark(), by which each colour stands once in the file.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    emptyOutDir: true,
  },
  plugins: [
    {
      name: "list of endpoints",
      writeBundle: ({ dir = join(ROOT, "dist") }) =>
        copyFileSync(join(ROOT, "pipes.json"), join(dir, "pipes.json")),
    },
  ],
});
