import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { scenario } from "./scenario.test-setup.ts";

const WIDTHS = [320, 390, 640, 1024, 1440, 2200] as const;

/** Each side of the places where the layout changes. */
const LOADED_WIDTHS = [320, 390, 640, 700, 900, 1180, 1200, 1440] as const;

/** Targets smaller than this many pixels in either direction, with their names. */
function smallTargets(page: Page, least: number): Promise<string[]> {
  return page.evaluate((pixels) => {
    const isShown = (node: Element) => node.checkVisibility({ visibilityProperty: true });
    const all = [...document.querySelectorAll("button, a[href], select, input, [role=slider]")].filter(
      isShown,
    );
    return all.flatMap((node) => {
      const { width, height, bottom } = node.getBoundingClientRect();
      // Outside of the page until it has the focus: the link that skips.
      if (bottom <= 0) return [];
      const isSmall = width < pixels - 0.5 || height < pixels - 0.5;
      return isSmall
        ? [`${node.textContent || node.ariaLabel} ${Math.round(width)} × ${Math.round(height)}`]
        : [];
    });
  }, least);
}

describe("the page", () => {
  scenario.for(WIDTHS)("%i pixels wide has nothing sideways", async (width, { open }) => {
    const { page } = await open({ width, height: 900 });
    const sideways = await page.evaluate(() => {
      const room = document.documentElement.clientWidth;
      return {
        page: document.documentElement.scrollWidth - room,
        cards: [...document.querySelectorAll("main section")]
          .filter((node) => node.getBoundingClientRect().right > room + 0.5)
          .map((node) => node.className),
      };
    });
    expect(sideways).toEqual({ page: 0, cards: [] });
  });

  scenario.for([
    [1440, 24],
    [390, 36],
  ] as const)("%i pixels wide has targets of at least %i", async ([width, least], { open }) => {
    const { page } = await open({ width, height: 844 });
    expect(await smallTargets(page, least)).toEqual([]);
  });

  scenario.for([
    [1440, ["timeline", "matrix", "board", "tags", "heatmap", "feed"]],
    [390, ["board", "timeline", "tags", "matrix", "feed", "heatmap"]],
  ] as const)("%i pixels wide shows its cards in this order: %j", async ([width, order], { open }) => {
    const { page } = await open({ width, height: 844 });
    const places = await page.evaluate((names) => {
      const rect = (name: string) => document.querySelector(`section.${name}`)?.getBoundingClientRect();
      return names
        .map((name) => ({ name, top: Math.round(rect(name)?.top ?? 0), left: rect(name)?.left ?? 0 }))
        .toSorted((a, b) => a.top - b.top || a.left - b.left)
        .map(({ name }) => name);
    }, order);
    expect(places).toEqual(order);
  });

  scenario.for([390, 320])("%i pixels wide names its types whole", async (width, { open }) => {
    const { page } = await open({ width, height: 844 });
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll(".field thead .text")]
        .filter((node) => node.scrollWidth > node.clientWidth || node.scrollHeight > node.clientHeight)
        .map((node) => node.textContent),
    );
    expect(cut).toEqual([]);
  });

  scenario.for(LOADED_WIDTHS)("%i pixels wide does not shift while it loads", async (width, { open }) => {
    const { page } = await open({
      width,
      height: 900,
      prepare: (page) =>
        page.addInitScript(() => {
          const shifts = { sum: 0 };
          Object.assign(globalThis, { shifts });
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
              shifts.sum += entry.value;
          }).observe({ type: "layout-shift", buffered: true });
        }),
    });
    const sum = await page.evaluate(() => (globalThis as unknown as { shifts: { sum: number } }).shifts.sum);
    expect(sum).toBeLessThanOrEqual(0.02);
  });
});
