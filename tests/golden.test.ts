import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { goldenDatafiles } from "../scripts/golden-datafiles.ts";
import { GOLDEN_EXCEPTIONS } from "../scripts/golden-exceptions.ts";
import { goldenTemplates } from "../scripts/golden-templates.ts";

/** Where the shared cases lie: beside the project, or where GOLDEN_DIR says. */
const FOLDER = process.env.GOLDEN_DIR ?? join(import.meta.dirname, "../../shared/golden");

const RUNS = [
  ["templates.jsonl", goldenTemplates],
  ["datafiles.jsonl", goldenDatafiles],
] as const;

describe("what Tinybird's own parser and engine make of each shared case", () => {
  for (const [file, run] of RUNS) {
    const path = join(FOLDER, file);
    const isThere = existsSync(path);
    if (!isThere) console.warn(`Skipped: ${path} is not there; GOLDEN_DIR names another folder`);

    it.runIf(isThere)(`is what we make of it: ${file}`, async () => {
      const { passed, failed } = await run(path);
      expect(failed.filter(({ id }) => !GOLDEN_EXCEPTIONS.has(id))).toEqual([]);
      expect(passed).toBeGreaterThan(0);
    });
  }
});
