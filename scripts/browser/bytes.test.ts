import { beforeAll, expect, it } from "vitest";
import { buildPage } from "./build.ts";
import { MOST_BYTES, type PageBytes, pageBytes } from "./bytes.ts";

let bytes: PageBytes;

beforeAll(async () => {
  bytes = pageBytes(await buildPage());
});

it.each(["js", "css", "html"] as const)("the page's %s is within its budget of gzipped bytes", (kind) => {
  expect(bytes[kind]).toBeGreaterThan(0);
  expect(bytes[kind]).toBeLessThanOrEqual(MOST_BYTES[kind]);
});
