import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fault } from "./errors.ts";

/** Names the process that owns a data directory. */
const LOCK_FILE = "server.lock";

/** Locks of this process: in a container a new server often has the number of the one that was killed. */
const ownLocks = new Set<string>();

/**
 * Makes this process the one owner of a data directory. A lock whose process is gone is taken over.
 * @returns gives the directory free
 * @throws TinybirdError DATA_DIR_OWNED, DATA_DIR
 */
export function lockDataDir(dataDir: string): () => void {
  const path = join(dataDir, LOCK_FILE);
  try {
    mkdirSync(dataDir, { recursive: true });
    takeLock(path, dataDir);
  } catch (error) {
    if (isSystemError(error)) throw fault("DATA_DIR", dataDir, error.message);
    throw error;
  }
  ownLocks.add(path);
  return () => {
    ownLocks.delete(path);
    rmSync(path, { force: true });
  };
}

function takeLock(path: string, dataDir: string): void {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
  } catch (error) {
    if (!isSystemError(error) || error.code !== "EEXIST") throw error;
    const owner = Number(readFileSync(path, "utf8"));
    const isTaken = owner === process.pid ? ownLocks.has(path) : isAlive(owner);
    if (isTaken) throw fault("DATA_DIR_OWNED", dataDir, owner);
    rmSync(path, { force: true });
    // Of two that take over at once, one finds the file of the other here.
    takeLock(path, dataDir);
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isSystemError(error) && error.code === "EPERM";
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && typeof error.code === "string" && "syscall" in error;
}
