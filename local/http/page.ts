import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { z } from "zod";
import { fault } from "../errors.ts";

/** Lists the endpoints that a page reads; beside its index.html, never served. */
const MANIFEST = "pipes.json";

const manifest = z.array(z.string().min(1)).min(1);

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The bundler puts a hash of the content into these names. */
const HASHED = /^assets\//;

/** A built page, in memory: what is not in it cannot be asked for. */
export interface Page {
  /** By the path below `/dashboard/`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The endpoints that its token may read. */
  readonly pipes: readonly string[];
}

/**
 * Reads a built page: a folder with `index.html`, what it loads, and `pipes.json`, the names of the endpoints it reads.
 * @throws TinybirdError BAD_DASHBOARD
 */
export function readPage(folder: string): Page {
  const files = new Map(filesOf(folder).map((name) => [name, readFileSync(join(folder, name))]));
  const listed = files.get(MANIFEST);
  files.delete(MANIFEST);
  if (listed === undefined || !files.has("index.html")) throw fault("BAD_DASHBOARD", folder);
  return { files, pipes: pipesOf(listed, folder) };
}

/** The file of a page with the headers that let it do only what it must, or null. */
export function pageResponse(page: Page, path: string, host: string | null): Response | null {
  const bytes = page.files.get(path);
  if (bytes === undefined) return null;
  return new Response(new Uint8Array(bytes), {
    headers: {
      "content-type": CONTENT_TYPES[extname(path)] ?? "application/octet-stream",
      "cache-control": HASHED.test(path) ? "public, max-age=31536000, immutable" : "no-cache",
      "content-security-policy": contentSecurityPolicy(host),
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    },
  });
}

/** Scripts and styles of its own only, text only as text, questions only to the server it is for. */
export function contentSecurityPolicy(host: string | null): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self'${host === null ? "" : ` ${new URL(host).origin}`}`,
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

function pipesOf(listed: Uint8Array, folder: string): readonly string[] {
  try {
    return manifest.parse(JSON.parse(new TextDecoder().decode(listed)));
  } catch {
    throw fault("BAD_DASHBOARD", folder);
  }
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"));
  } catch {
    return [];
  }
}
