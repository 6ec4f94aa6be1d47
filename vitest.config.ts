import { defineConfig } from "vitest/config";

/** The packages are read from their TypeScript sources, as `--conditions=source` does for Node. */
const conditions = ["source", "node", "import", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["{local,sdk,scripts,dashboard,tests}/**/*.test.ts"],
    // chdb holds one data directory per process: each test file gets a process of its own.
    globalSetup: "tests/docker.global-setup.ts",
    pool: "forks",
    isolate: true,
    // A first query on a busy two-core runner loads a 500 MB library.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
