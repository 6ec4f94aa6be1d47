import { expect, it } from "vitest";
import { findChromium } from "./chromium.ts";

it.each<[string, Record<string, string>, string[], string | null]>([
  ["the named one", { CHROMIUM_PATH: "/opt/c", PATH: "/usr/bin" }, ["/opt/c", "/usr/bin/chromium"], "/opt/c"],
  [
    "none when the named one is not there",
    { CHROMIUM_PATH: "/opt/c", PATH: "/usr/bin" },
    ["/usr/bin/chromium"],
    null,
  ],
  [
    "the first of the usual names",
    { PATH: "/bin:/usr/bin" },
    ["/bin/google-chrome", "/usr/bin/chromium"],
    "/usr/bin/chromium",
  ],
  ["none", { PATH: "/bin" }, [], null],
])("finds %s", (_, env, programs, found) => {
  expect(findChromium(env, (path) => programs.includes(path))).toBe(found);
});
