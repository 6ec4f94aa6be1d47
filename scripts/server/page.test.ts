import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { builtPage, NO_PAGE, type Vite } from "./page.ts";

const HOUR_S = 3600;
let root: string;
let built: number;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "page-"));
  built = 0;
  mkdirSync(join(root, "src"));
  writeFileSync(join(root, "src/main.tsx"), "");
  changedAgo("src/main.tsx", 2 * HOUR_S);
});
afterEach(() => rmSync(root, { recursive: true }));

function changedAgo(file: string, seconds: number): void {
  const at = Date.now() / 1000 - seconds;
  utimesSync(join(root, file), at, at);
}

/** A builder that counts, and writes which time it was. */
const builder = async (): Promise<Vite> => ({
  async build({ build: { outDir } }) {
    built++;
    mkdirSync(outDir, { recursive: true });
    writeFileSync(join(outDir, "index.html"), String(built));
  },
});
const none = () => Promise.reject(new Error("Cannot find package 'vite'"));
const page = () => readFileSync(join(root, "dist/index.html"), "utf8");

describe("the built page", () => {
  it("is built where it is missing, and left alone while it is newer than its sources", async () => {
    expect(await builtPage(root, builder)).toEqual({ folder: join(root, "dist") });
    await builtPage(root, builder);
    expect([built, page()]).toEqual([1, "1"]);
  });

  it("is built again when a source is newer", async () => {
    await builtPage(root, builder);
    changedAgo("dist/index.html", HOUR_S);
    changedAgo("src/main.tsx", 0);
    await builtPage(root, builder);
    expect(page()).toBe("2");
  });

  it("is served as it is where it cannot be built again", async () => {
    await builtPage(root, builder);
    changedAgo("dist/index.html", HOUR_S);
    changedAgo("src/main.tsx", 0);
    expect(await builtPage(root, none)).toEqual({ folder: join(root, "dist") });
  });

  it("is told to be missing, with what to do, where it cannot be built at all", async () => {
    expect(await builtPage(root, none)).toEqual({ reason: NO_PAGE });
    expect(existsSync(join(root, "dist"))).toBe(false);
  });
});
