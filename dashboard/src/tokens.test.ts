import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const CSS = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");

type Theme = "light" | "dark";

/** Both colours of each token. */
const TOKENS = new Map(
  [...CSS.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, light, dark]) => [
    String(name),
    { light: String(light), dark: String(dark) },
  ]),
);

/** Relative luminance, WCAG 2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string, theme: Theme): number {
  const [a, b] = [one, other].map((name) => luminance(TOKENS.get(name)?.[theme] ?? ""));
  return (Math.max(a ?? 0, b ?? 0) + 0.05) / (Math.min(a ?? 0, b ?? 0) + 0.05);
}

const TEXT = 4.5;
const GRAPHIC = 3;

describe("the tokens", () => {
  it("have a light and a dark colour each", () => {
    expect(TOKENS.size).toBeGreaterThanOrEqual(22);
  });

  describe.each(["light", "dark"] as const)("in %s", (theme) => {
    it.each([
      ["ink", "surface", TEXT],
      ["ink", "bg", TEXT],
      ["ink2", "surface", TEXT],
      ["ink2", "bg", TEXT],
      ["ink2", "sunken", TEXT],
      ["ink3", "surface", TEXT],
      ["ink3", "bg", TEXT],
      ["ink3", "sunken", TEXT],
      ["accent", "surface", TEXT],
      ["accent", "bg", TEXT],
      ["accent", "soft", TEXT],
      ["on-accent", "accent", TEXT],
      ["up", "surface", TEXT],
      ["down", "surface", TEXT],
      ["warn", "surface", TEXT],
      ["warn", "warn-ground", TEXT],
      ["ink", "soft", TEXT],
      ["ink", "s0", TEXT],
      ["ink", "s1", TEXT],
      ["ink", "s2", TEXT],
      ["on-accent", "s4", TEXT],
      ["prev", "surface", GRAPHIC],
      ["line2", "surface", GRAPHIC],
    ])("%s can be read on %s", (ink, ground, least) => {
      expect(contrast(ink, ground, theme)).toBeGreaterThanOrEqual(least);
    });
  });
});
