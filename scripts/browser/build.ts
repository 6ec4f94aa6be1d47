import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The page's own folder. */
const PAGE = join(import.meta.dirname, "../../dashboard");

const VITE = join(dirname(createRequire(import.meta.url).resolve("vite/package.json")), "bin/vite.js");

/**
 * Builds the page from its sources, as `npm run build` does: in a process of its own, for a test runner's environment
 * would make it another page.
 * @returns the folder that a server serves
 */
export async function buildPage(): Promise<string> {
  const env = { ...process.env, NODE_ENV: "production" };
  await run(process.execPath, [VITE, "build", PAGE, "--logLevel", "error"], { env });
  return join(PAGE, "dist");
}
