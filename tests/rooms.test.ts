import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");

/** What the files of a room may import, beside the room itself and packages: path prefixes from the root. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "local/datafile": ["local/errors.ts"],
  "local/template": ["local/errors.ts"],
  "local/plan": [
    "local/errors.ts",
    "local/datafile/",
    "local/template/",
    "local/engine/engine.ts",
    "local/engine/literal.ts",
  ],
  "local/ingest": [
    "local/errors.ts",
    "local/datafile/",
    "local/template/",
    "local/engine/engine.ts",
    "local/engine/literal.ts",
  ],
  "local/engine": ["local/errors.ts"],
  // What the workspace is made of, never what it is made with.
  "local/http": [
    "local/errors.ts",
    "local/workspace.ts",
    "local/identity.ts",
    "local/organization.ts",
    "local/tokens/",
    "local/jobs.ts",
  ],
  sdk: [],
  // Types of rows only: nothing of the SDK runs in the page.
  dashboard: ["sdk/src/schema.generated.ts"],
  scripts: [],
  tests: [],
};

interface Import {
  readonly file: string;
  readonly target: string;
}

describe("the rooms", () => {
  it.each(Object.keys(MAY_IMPORT))("%s imports only what it may", (room) => {
    const allowed = [`${room}/`, ...(MAY_IMPORT[room] ?? [])];
    const strangers = imports(room).filter(
      ({ target }) => !allowed.some((prefix) => target.startsWith(prefix)),
    );
    expect(strangers).toEqual([]);
  });

  it("import chdb in one file", () => {
    const importers = sources("local").filter((file) =>
      /from "chdb"/.test(readFileSync(join(ROOT, file), "utf8")),
    );
    expect(importers).toEqual(["local/engine/chdb.ts"]);
  });
});

/** The relative imports of a room's files; tests beside them may reach further. */
function imports(room: string): Import[] {
  return sources(room).flatMap((file) => {
    const text = readFileSync(join(ROOT, file), "utf8");
    return [...text.matchAll(/from "(\.[^"]+)"/g)].map((match) => ({
      file,
      target: relative(ROOT, join(ROOT, dirname(file), match[1] ?? ""))
        .split(sep)
        .join("/"),
    }));
  });
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter(
      (entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test(-[\w-]+)?\.ts$/.test(entry.name),
    )
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((file) => !file.includes("node_modules") && !file.includes("/dist/"));
}
