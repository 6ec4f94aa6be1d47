import { describe, expect } from "vitest";
import { CARD_NAMES, card } from "./cards.test-setup.ts";
import { holding, questions } from "./faults.test-setup.ts";
import { scenario } from "./scenario.test-setup.ts";

describe("a slow server", () => {
  scenario(
    "at first leaves bars of the final height, and the cards say that they are busy",
    async ({ open }) => {
      let release = async () => {};
      const visit = await open({
        isComplete: false,
        prepare: async (page) => {
          ({ release } = await holding(page, questions()));
        },
      });
      await visit.page.locator('main [aria-busy="true"]').first().waitFor();
      const heights = async () => {
        const all = [];
        for (const name of CARD_NAMES) all.push((await card(visit.page, name).boundingBox())?.height ?? 0);
        return all.map(Math.round);
      };
      const busy = await visit.page.locator('[aria-busy="true"]').count();
      const before = await heights();
      expect(busy).toBe(CARD_NAMES.length);
      await release();
      await visit.page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
      await visit.settled();
      expect(await heights()).toEqual(before);
    },
  );

  scenario("dims what is known, only after 180 ms, when the reader changes something", async ({ open }) => {
    const visit = await open();
    const { page } = visit;
    const { release } = await holding(page, questions());
    await page.keyboard.press("2");
    const board = card(page, "Trending now").locator(".body > *").first();
    const opacity = () =>
      board.evaluate((node) => {
        let shown = 1;
        for (let at: Element | null = node; at; at = at.parentElement)
          shown *= Number(getComputedStyle(at).opacity);
        return shown;
      });
    expect(await opacity()).toBe(1);
    await expect.poll(opacity).toBeLessThanOrEqual(0.55);
    expect(await card(page, "Trending now").getByRole("row").count()).toBeGreaterThan(1);
    await release();
    await expect.poll(opacity).toBe(1);
  });

  scenario("and a fast reader: the last question wins, and the others are ended", async ({ open }) => {
    const visit = await open();
    const { page } = visit;
    const ended: string[] = [];
    page.on("requestfailed", (request) => ended.push(request.url()));
    const { release } = await holding(page, questions());
    const before = visit.asked.length;
    for (const key of ["1", "2", "4", "3", "1"]) await page.keyboard.press(key);
    await release();
    await visit.settled();
    await page.waitForFunction(() => document.querySelector("[data-changing]") === null);
    expect(new URL(page.url()).search).toBe("?range=1h");
    const timelines = visit.since(before).filter(({ pipe }) => pipe === "engagement_timeseries");
    const aborted = ended.filter((url) => url.includes("engagement_timeseries"));
    expect(aborted).toHaveLength(timelines.length - 1);
    const last = Number(await page.getByRole("slider").getAttribute("aria-valuemax"));
    // An hour in minutes: the last question's own answer.
    expect(last).toBeGreaterThanOrEqual(59);
    expect(last).toBeLessThanOrEqual(61);
  });
});
