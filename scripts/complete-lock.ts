/**
 * Some registries lack the binaries of other platforms. `npm install` then writes a lock that names them without
 * listing them, and `npm ci` refuses it. This adds them to package-lock.json; with --check it only looks.
 */
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { completed, foreignResolved, isExact, type Missing, missingOptional } from "./lock/completion.ts";
import { type Lockfile, parseLock } from "./lock/lockfile.ts";
import { platformOf } from "./lock/platform.ts";

const USAGE = `Usage: npm run lock -- [--check] [FILE]

Adds every optional dependency that package-lock.json names but does not list.
  --check  change nothing, need no network; exit 1 and name what is missing
`;

const LOCK_FILE = resolve(import.meta.dirname, "../package-lock.json");

/** What is wrong with the lock, a line each; empty when it is complete. */
export function problems(lock: Lockfile): string[] {
  const missing = missingOptional(lock).map(
    ({ name, version, parent }) => `${name}@${version} is named by ${parent} but not listed`,
  );
  const foreign = foreignResolved(lock).map(
    (path) => `${path} is resolved to a host other than the public registry`,
  );
  return [...missing, ...foreign];
}

async function check(file: string): Promise<number> {
  const found = problems(parseLock(await readFile(file, "utf8")));
  for (const line of found) console.error(line);
  if (found.length === 0) console.log("package-lock.json is complete");
  else console.error("package-lock.json is incomplete: run `npm run lock`");
  return found.length === 0 ? 0 : 1;
}

async function complete(file: string): Promise<number> {
  const lock = parseLock(await readFile(file, "utf8"));
  const missing = missingOptional(lock);
  const added = await Promise.all(missing.map(async (one) => ({ ...one, platform: await platform(one) })));
  await writeFile(file, `${JSON.stringify(completed(lock, added), null, 2)}\n`);
  for (const { name, version } of added) console.log(`added ${name}@${version}`);
  console.log(`package-lock.json: ${added.length} added`);
  return 0;
}

function platform({ name, version, parent }: Missing) {
  if (isExact(version)) return platformOf(name, version);
  throw new Error(
    `${parent} asks for ${name}@${version}, which is not one version: install it where it is available`,
  );
}

async function main(args: readonly string[]): Promise<number> {
  const [file = LOCK_FILE, ...rest] = args.filter((arg) => !arg.startsWith("-"));
  const flags = args.filter((arg) => arg.startsWith("-"));
  if (flags.includes("--help")) {
    console.log(USAGE);
    return 0;
  }
  if (rest.length > 0 || flags.some((flag) => flag !== "--check")) {
    console.error(USAGE);
    return 2;
  }
  return flags.includes("--check") ? check(file) : complete(file);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  });
}
