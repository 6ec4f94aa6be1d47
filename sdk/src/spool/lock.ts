import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fault } from "../errors.ts";

/** Who holds a folder. `started` tells a process from a later one with the same id, where the system says it (Linux). */
type Owner = { readonly pid: number; readonly host: string; readonly started: string };

/** The lock's file is touched this often, so that an owner whose process cannot be asked is known to be alive. */
const HEARTBEAT_MS = 5_000;
/** Ours: such an owner that was silent for this long is gone. */
const SILENT_MS = 30_000;
/** Others may take the lock between our look and our move; each round one of them wins. */
const MAX_ROUNDS = 20;

/** Folders that this thread holds: the process's own id in a lock does not say who of it does. */
const held = new Set<string>();

/**
 * Makes this process the only owner of the folder. A lock whose owner is gone (killed, crashed) is taken over.
 *
 * @returns Lets go. Idempotent.
 * @throws SdkError SPOOL_LOCKED
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, "lock");
  if (held.has(file))
    throw fault("SPOOL_LOCKED", [folder, `another client of this process (${process.pid})`]);
  takeFile(folder, file);
  held.add(file);
  const heartbeat = setInterval(() => touch(file), HEARTBEAT_MS).unref();
  return () => {
    if (!held.delete(file)) return;
    clearInterval(heartbeat);
    rmSync(file, { force: true });
  };
}

/** A link to a file that is whole already: it is there at once with its content, or somebody else's is. */
function takeFile(folder: string, file: string): void {
  const mine = join(folder, `lock.${process.pid}.${process.hrtime.bigint()}`);
  writeFileSync(mine, JSON.stringify(thisProcess()));
  try {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      if (link(mine, file)) return;
      const content = read(file);
      if (content === undefined) continue;
      if (isAlive(content, file)) throw fault("SPOOL_LOCKED", [folder, `process ${content}`]);
      moveAway(file, `${mine}.stale`, content);
    }
    throw fault("SPOOL_LOCKED", [folder, "several others that ask for it at this moment"]);
  } finally {
    rmSync(mine, { force: true });
  }
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Only one of several that see a dead owner's lock can move it; who moved a newer one puts it back. */
function moveAway(file: string, away: string, seen: string): void {
  try {
    renameSync(file, away);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  if (read(away) !== seen) link(away, file);
  rmSync(away, { force: true });
}

function isAlive(content: string, file: string): boolean {
  const owner = parse(content);
  if (owner === undefined) return false;
  if (owner.host !== hostname()) return isFresh(file);
  if (!processExists(owner.pid) || owner.started !== startOf(owner.pid)) return false;
  // A worker thread of this process, or a module that was loaded a second time, has a heartbeat of its own.
  return owner.pid !== process.pid || isFresh(file);
}

function isFresh(file: string): boolean {
  const info = statSync(file, { throwIfNoEntry: false });
  return info !== undefined && Date.now() - info.mtimeMs < SILENT_MS;
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

const thisProcess = (): Owner => ({ pid: process.pid, host: hostname(), started: startOf(process.pid) });

/** The start of a process in clock ticks since boot (field 22 of `/proc/PID/stat`); empty where there is no such file. */
function startOf(pid: number): string {
  const text = read(`/proc/${pid}/stat`) ?? "";
  // The name, in parentheses, may hold spaces; two fields later comes the third one.
  return text.slice(text.lastIndexOf(")") + 2).split(" ")[22 - 3] ?? "";
}

function parse(content: string): Owner | undefined {
  try {
    return JSON.parse(content) as Owner;
  } catch {
    return undefined;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function touch(file: string): void {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // The folder is gone: the next write will say so.
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;
