import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** What a browser downloads of the page, gzipped, by kind. */
export interface PageBytes {
  readonly js: number;
  readonly css: number;
  readonly html: number;
}

/** The most that each may be, in bytes gzipped; ours: what the first whole page took, and a third more. */
export const MOST_BYTES: PageBytes = { js: 32_000, css: 6_000, html: 1_000 };

/** Weighs a built page. */
export function pageBytes(folder: string): PageBytes {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const weigh = (suffix: string) =>
    files
      .filter((file) => file.endsWith(suffix))
      .reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0);
  return { js: weigh(".js"), css: weigh(".css"), html: weigh(".html") };
}
