import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./target.ts";

describe("the repository", () => {
  it("keeps no token in .tinyb, only the host and the workspace's name", () => {
    const file = JSON.parse(readFileSync(join(ROOT, ".tinyb"), "utf8")) as Record<string, unknown>;
    expect(Object.keys(file).sort()).toEqual(["host", "name"]);
  });
});
