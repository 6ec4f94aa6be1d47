import { describe, expect } from "vitest";
import { card, timeline } from "./cards.test-setup.ts";
import { scenario } from "./scenario.test-setup.ts";

const FROZEN = "?as_of=2026-11-23 08:25:00";

describe("arrows on the timeline", () => {
  scenario("go bucket by bucket, by ten, to the ends, and leave", async ({ open }) => {
    const { page } = await open({ search: FROZEN });
    const slider = timeline(page);
    const value = async () => Number(await slider.getAttribute("aria-valuenow"));
    await slider.focus();
    await page.keyboard.press("End");
    const last = Number(await slider.getAttribute("aria-valuemax"));
    expect(await value()).toBe(last);
    for (const [key, place] of [
      ["ArrowLeft", last - 1],
      ["Shift+ArrowLeft", last - 11],
      ["ArrowRight", last - 10],
      ["Home", 0],
      ["Shift+ArrowRight", 10],
    ] as const) {
      await page.keyboard.press(key);
      expect([key, await value()]).toEqual([key, place]);
    }
    await page.keyboard.press("Escape");
    expect(await card(page, "Interactions").getByText("this period").isVisible()).toBe(true);
  });

  scenario("say the bucket, its count and the one before", async ({ open }) => {
    const { page } = await open({ search: FROZEN });
    const slider = timeline(page);
    await slider.focus();
    await page.keyboard.press("End");
    expect(await slider.getAttribute("aria-valuetext")).toMatch(
      /^Mon 23 Nov, 08:15: [\d,]+ so far, before [\d,]+$/,
    );
    await page.keyboard.press("ArrowLeft");
    expect(await slider.getAttribute("aria-valuetext")).toMatch(/^Mon 23 Nov, 08:00: [\d,]+, before [\d,]+$/);
  });
});

describe("arrows on the heatmap", () => {
  scenario("go from cell to cell, which is the one Tab stop and speaks", async ({ open }) => {
    const { page } = await open({ search: FROZEN });
    const grid = page.getByRole("grid");
    const cells = grid.getByRole("gridcell");
    expect(await cells.count()).toBe(168);
    await grid.locator('[tabindex="0"]').focus();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    expect(await focused()).toMatch(/^Mon 00:00: /);
    for (const [key, cell] of [
      ["ArrowRight", /^Mon 01:00: /],
      ["ArrowDown", /^Tue 01:00: /],
      ["End", /^Tue 23:00: /],
      ["Home", /^Tue 00:00: /],
      ["ArrowUp", /^Mon 00:00: /],
      ["ArrowLeft", /^Mon 00:00: /],
    ] as const) {
      await page.keyboard.press(key);
      expect([key, await focused()]).toEqual([key, expect.stringMatching(cell)]);
      expect(await grid.locator('[tabindex="0"]').count()).toBe(1);
    }
  });
});
