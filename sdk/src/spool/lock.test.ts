import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../testing/folder.test-setup.ts";
import { lockFolder } from "./lock.ts";

const started = (pid: number) => {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) ? (readFileSync(stat, "utf8").split(") ")[1]?.split(" ")[19] ?? "") : "";
};

/** A lock that another left in the folder. */
function lockedBy(owner: object | string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "lock"), typeof owner === "string" ? owner : JSON.stringify(owner));
  return folder;
}

describe("the lock of a folder", () => {
  it("has one owner in a process, and a next one after it let go", () => {
    const folder = temporaryFolder();
    const release = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ code: "SPOOL_LOCKED" }));
    release();
    release();
    lockFolder(folder)();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is not taken from a process that lives", () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    onTestFinished(() => void child.kill("SIGKILL"));
    const pid = child.pid ?? 0;
    const folder = lockedBy({ pid, host: hostname(), started: started(pid) });
    expect(() => lockFolder(folder)).toThrow(String(pid));
  });

  it.each([
    ["a process that is gone", { pid: 2 ** 22 + 1, host: hostname(), started: "1" }],
    [
      "an earlier process with our own id, as in a restarted container",
      { pid: process.pid, host: hostname(), started: "1" },
    ],
    [
      "a process whose id another one has now",
      { pid: process.ppid, host: hostname(), started: "not its start" },
    ],
    ["a write that was cut off", '{"pid": 1'],
  ])("is taken over from %s", (_, owner) => {
    const folder = lockedBy(owner);
    const release = lockFolder(folder);
    expect(readFileSync(join(folder, "lock"), "utf8")).toContain(`"pid":${process.pid}`);
    release();
    expect(readdirSync(folder)).toEqual([]);
  });

  const elsewhere = { pid: 1, host: "another-machine", started: "1" };
  const thread = { pid: process.pid, host: hostname(), started: started(process.pid) };
  const lockSilentFor = (owner: object, ms: number): string => {
    const folder = lockedBy(owner);
    const then = new Date(Date.now() - ms);
    utimesSync(join(folder, "lock"), then, then);
    return folder;
  };

  it.each([
    ["on another machine", elsewhere],
    ["in another thread of this process", thread],
  ])("is kept for an owner %s that gave a sign of life", (_, owner) => {
    expect(() => lockFolder(lockSilentFor(owner, 0))).toThrow(owner.host);
  });

  it.each([
    ["on another machine", elsewhere],
    ["in another thread of this process", thread],
  ])("is taken over from one %s that gave none for half a minute", (_, owner) => {
    expect(() => lockFolder(lockSilentFor(owner, 31_000))()).not.toThrow();
  });
});
