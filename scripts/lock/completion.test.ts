import { describe, expect, it } from "vitest";
import { completed, foreignResolved, missingOptional } from "./completion.ts";
import type { LockEntry, Lockfile } from "./lockfile.ts";

const lockOf = (packages: Record<string, LockEntry>): Lockfile => ({ packages: { "": {}, ...packages } });
const engine: LockEntry = { version: "1.0.0", optionalDependencies: { "engine-linux-x64": "1.0.0" } };

describe("missingOptional", () => {
  it("finds a package that is named but not listed", () => {
    expect(missingOptional(lockOf({ "node_modules/engine": engine }))).toEqual([
      {
        name: "engine-linux-x64",
        version: "1.0.0",
        path: "node_modules/engine-linux-x64",
        parent: "node_modules/engine",
        dev: false,
      },
    ]);
  });

  it("is content with one that is listed", () => {
    const lock = lockOf({
      "node_modules/engine": engine,
      "node_modules/engine-linux-x64": { version: "1.0.0" },
    });
    expect(missingOptional(lock)).toEqual([]);
  });

  it("is content with one that only its parent sees", () => {
    const nested = "node_modules/a/node_modules/engine/node_modules/engine-linux-x64";
    const lock = lockOf({ "node_modules/a/node_modules/engine": engine, [nested]: { version: "1.0.0" } });
    expect(missingOptional(lock)).toEqual([]);
  });

  it("leaves a listed version alone where a range asks for it", () => {
    const watcher = { version: "1.0.0", optionalDependencies: { fsevents: "~2.3.3" } };
    const lock = lockOf({ "node_modules/watcher": watcher, "node_modules/fsevents": { version: "2.3.4" } });
    expect(missingOptional(lock)).toEqual([]);
  });

  it("puts it below its parent when another version has the usual place", () => {
    const lock = lockOf({
      "node_modules/engine": engine,
      "node_modules/engine-linux-x64": { version: "2.0.0" },
    });
    expect(missingOptional(lock).map(({ path }) => path)).toEqual([
      "node_modules/engine/node_modules/engine-linux-x64",
    ]);
  });

  it.each([
    [true, true, true],
    [true, false, false],
    [false, true, false],
  ])("calls it dev when every parent is: %s and %s make %s", (first, second, dev) => {
    const lock = lockOf({
      "node_modules/a": { ...engine, dev: first },
      "node_modules/b": { ...engine, dev: second },
    });
    expect(missingOptional(lock).map((one) => one.dev)).toEqual([dev]);
  });
});

describe("completed", () => {
  const lock = lockOf({
    "node_modules/engine": { ...engine, dev: true },
    "node_modules/zod": { version: "4.0.0" },
  });
  const added = missingOptional(lock).map((one) => ({
    ...one,
    platform: { os: ["linux"], cpu: ["x64"], libc: ["glibc"] },
  }));

  it("adds what is missing, after which nothing is", () => {
    expect(missingOptional(completed(lock, added))).toEqual([]);
  });

  it("writes version, platform and role, and neither address nor checksum", () => {
    expect(completed(lock, added).packages["node_modules/engine-linux-x64"]).toEqual({
      version: "1.0.0",
      cpu: ["x64"],
      dev: true,
      libc: ["glibc"],
      optional: true,
      os: ["linux"],
    });
  });

  it("keeps npm's order", () => {
    expect(Object.keys(completed(lock, added).packages)).toEqual([
      "",
      "node_modules/engine",
      "node_modules/engine-linux-x64",
      "node_modules/zod",
    ]);
  });

  it("drops addresses of other hosts, and keeps links and the public registry's", () => {
    const mixed = lockOf({
      "node_modules/a": { resolved: "https://npm.example.com/a.tgz" },
      "node_modules/b": { resolved: "https://registry.npmjs.org/b/-/b-1.0.0.tgz" },
      "node_modules/c": { resolved: "sdk" },
    });
    expect(foreignResolved(mixed)).toEqual(["node_modules/a"]);
    expect(foreignResolved(completed(mixed, []))).toEqual([]);
    expect(completed(mixed, []).packages["node_modules/b"]).toHaveProperty("resolved");
    expect(completed(mixed, []).packages["node_modules/c"]).toHaveProperty("resolved");
  });
});
