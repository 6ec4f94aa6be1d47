import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const SDK = join(import.meta.dirname, "../../../sdk");

/** Bytes of the SDK in an application's bundle, minified, before and after gzip. */
export async function bundleSize(
  door: "index.ts" | "index.web.ts",
): Promise<{ bytes: number; gzipped: number }> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { createClient } from "./${door}"`,
      resolveDir: join(SDK, "src"),
      loader: "ts",
    },
    platform: door === "index.ts" ? "node" : "browser",
    format: "esm",
    bundle: true,
    minify: true,
    write: false,
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  return { bytes: code.length, gzipped: gzipSync(code).length };
}

/** Packages that an installation brings: the SDK's dependencies, which have none themselves. */
export function dependencyCount(): number {
  const { dependencies } = JSON.parse(readFileSync(join(SDK, "package.json"), "utf8")) as {
    dependencies: object;
  };
  return Object.keys(dependencies).length;
}
