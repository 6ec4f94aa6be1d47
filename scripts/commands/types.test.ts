import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { EXIT } from "../terminal/failure.ts";
import { types } from "./types.ts";

const ROOT = join(import.meta.dirname, "../..");
const COMMITTED = join(ROOT, "sdk/src/schema.generated.ts");

it("writes what is committed, and its check fails on anything else and writes nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "types-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const out = join(folder, "schema.ts");
  expect(await types({ project: ROOT, out })).toBe(EXIT.fine);
  expect(readFileSync(out, "utf8")).toBe(readFileSync(COMMITTED, "utf8"));
  expect(await types({ project: ROOT, out, check: true })).toBe(EXIT.fine);
  writeFileSync(out, "stale");
  expect(await types({ project: ROOT, out, check: true })).toBe(EXIT.failed);
  expect(readFileSync(out, "utf8")).toBe("stale");
});
