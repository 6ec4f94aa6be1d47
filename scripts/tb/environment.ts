import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { Failure } from "../terminal/failure.ts";

/** The real command line, pinned: its answers are what the cases expect. `--newest` takes what PyPI has today. */
export const TB_PACKAGE = process.argv.includes("--newest") ? "tinybird" : "tinybird==5.0.2";
/** Milliseconds; pip downloads some fifty packages. */
const INSTALL_TIMEOUT_MS = 600_000;

const run = promisify(execFile);

/**
 * Path of a `tb` of the pinned version, in a virtual environment of its own. Made once, then reused.
 * @throws {Failure} when there is no Python 3, or it cannot install the package.
 */
export async function tbCommand(folder: string): Promise<string> {
  const tb = join(folder, "bin", "tb");
  // Written last: a half-made environment has none.
  const mark = join(folder, "installed");
  const isPinned = TB_PACKAGE.includes("==");
  if (isPinned && (await readFile(mark, "utf8").catch(() => "")) === TB_PACKAGE) return tb;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await python(["-m", "venv", folder]);
  await install(join(folder, "bin", "pip"));
  await writeFile(mark, TB_PACKAGE);
  return tb;
}

async function python(args: readonly string[]): Promise<void> {
  await run("python3", args, { timeout: INSTALL_TIMEOUT_MS }).catch((cause: unknown) => {
    const missing = isSystemError(cause) && cause.code === "ENOENT";
    const reason = missing
      ? "python3 was not found"
      : `python3 cannot make a virtual environment (on Debian it needs the package python3-venv): ${outputOf(cause)}`;
    throw new Failure(`The tests of the tb command need Python 3 with venv and pip: ${reason}`, { cause });
  });
}

async function install(pip: string): Promise<void> {
  const args = ["install", "--quiet", "--disable-pip-version-check", TB_PACKAGE];
  await run(pip, args, { timeout: INSTALL_TIMEOUT_MS }).catch((cause: unknown) => {
    throw new Failure(`pip cannot install ${TB_PACKAGE}: ${outputOf(cause)}`, { cause });
  });
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error;
}

/** The last lines of what a failed program printed. */
function outputOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const printed = "stderr" in error && "stdout" in error ? `${error.stdout}\n${error.stderr}`.trim() : "";
  return (printed || error.message).split("\n").slice(-5).join("\n");
}
