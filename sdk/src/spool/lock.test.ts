import { spawn } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { lockFolder } from "./lock.ts";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lock-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

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

  it.each([
    ["kept for an owner on another machine that gave a sign of life", 0, true],
    ["taken over from one that gave none for half a minute", 31_000, false],
  ])("is %s", (_, silentMs, kept) => {
    const folder = lockedBy({ pid: 1, host: "another-machine", started: "1" });
    const then = new Date(Date.now() - silentMs);
    utimesSync(join(folder, "lock"), then, then);
    const take = () => lockFolder(folder)();
    if (kept) expect(take).toThrow("another-machine");
    else expect(take).not.toThrow();
  });
});
