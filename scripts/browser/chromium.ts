import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

/** Names under which systems install it. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"] as const;

/** Where macOS keeps it, which is on no PATH. */
const APPLICATIONS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
] as const;

/** What a person is told who has none. */
export const NO_CHROMIUM =
  "no Chromium was found; install one (Debian: apt-get install chromium), or name it in CHROMIUM_PATH";

type BrowserEnvironment = { readonly CHROMIUM_PATH?: string | undefined; readonly PATH?: string | undefined };

/** The installed Chromium: CHROMIUM_PATH, else the first of the usual names; null when there is none. */
export function findChromium(
  env: BrowserEnvironment = process.env,
  isProgram: (path: string) => boolean = canRun,
): string | null {
  if (env.CHROMIUM_PATH) return isProgram(env.CHROMIUM_PATH) ? env.CHROMIUM_PATH : null;
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...paths, ...APPLICATIONS].find(isProgram) ?? null;
}

/** @throws Error when none is installed */
export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error(NO_CHROMIUM);
  // Chromium refuses its sandbox to root, which is who runs in containers.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath, args });
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
