import { configDefaults, defineConfig } from "vitest/config";

/** The packages are read from their TypeScript sources, as `--conditions=source` does for Node. */
const conditions = ["source", "node", "import", "default"];

/** Scenarios in a real browser, against a real server. */
const BROWSER_TESTS = "tests/browser/**/*.test.ts";

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  // What the runner itself loads, such as global set-ups.
  environments: { __vitest__: { resolve: { conditions } } },
  test: {
    // chdb holds one data directory per process: each test file gets a process of its own.
    pool: "forks",
    isolate: true,
    // A first query on a busy two-core runner loads a 500 MB library.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{local,sdk,scripts,dashboard,tests}/**/*.test.ts"],
          exclude: [...configDefaults.exclude, BROWSER_TESTS],
          globalSetup: "tests/docker.global-setup.ts",
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: [BROWSER_TESTS],
          globalSetup: "tests/browser/site.test-global-setup.ts",
          // One browser at a time, and not beside the other tests: pages have deadlines.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          // A shared runner can stall a page past a deadline of its own; what fails twice is broken.
          retry: 1,
        },
      },
    ],
  },
});
