import { join } from "node:path";
import { build } from "vite";

/** The page's own folder. */
const PAGE = join(import.meta.dirname, "../../dashboard");

/** Builds the page from its sources, silently. @returns the folder that a server serves */
export async function buildPage(): Promise<string> {
  await build({ configFile: join(PAGE, "vite.config.ts"), logLevel: "error" });
  return join(PAGE, "dist");
}
