import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/** The workspace of the page. */
const DASHBOARD = join(import.meta.dirname, "../../dashboard");

/** What the built page is made of. */
const SOURCES = ["index.html", "pipes.json", "vite.config.ts", "src"] as const;

/** What to say where there is no page to serve. */
export const NO_PAGE = "No dashboard: it is built by Vite, which is not installed. Run 'npm ci', then again.";

/** A page that can be served, or why not. */
export type BuiltPage = { readonly folder: string } | { readonly reason: string };

/**
 * The built page, built first where it is missing or older than its sources: a third of a second.
 * @param root the workspace of the page
 * @throws Error of Vite when the sources cannot be built
 */
export async function builtPage(
  root: string = DASHBOARD,
  load: () => Promise<Vite> = vite,
): Promise<BuiltPage> {
  const folder = join(root, "dist");
  if (isFresh(root, folder)) return { folder };
  const { build } = await load().catch(() => ({ build: null }));
  if (build === null) return existsSync(join(folder, "index.html")) ? { folder } : { reason: NO_PAGE };
  // Beside the old one, then in its place: another server may be reading that.
  const fresh = join(root, ".cache", `page-${process.pid}`);
  await build({ root, logLevel: "error", build: { outDir: fresh } });
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
  return { folder };
}

/** As much of Vite as is used here. */
export interface Vite {
  build(options: { root: string; logLevel: "error"; build: { outDir: string } }): Promise<unknown>;
}

async function vite(): Promise<Vite> {
  return await import("vite");
}

function isFresh(root: string, folder: string): boolean {
  const built = join(folder, "index.html");
  if (!existsSync(built)) return false;
  const builtAt = statSync(built).mtimeMs;
  return SOURCES.flatMap((name) => filesOf(join(root, name))).every(
    (file) => statSync(file).mtimeMs <= builtAt,
  );
}

function filesOf(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
