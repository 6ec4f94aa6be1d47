import { describe, expect } from "vitest";
import { CARD_NAMES, CARDS, card, figure, status } from "./cards.test-setup.ts";
import { dead, failing, questions } from "./faults.test-setup.ts";
import { scenario } from "./scenario.test-setup.ts";

const TIMEOUT = failing({ status: 408, error: "Query of pipe 'trending_tags' took longer than 10 s" });
const RESTART = failing({ status: 503, error: "The engine is restarting" });

describe("a card that fails", () => {
  scenario("says so in the server's own words; the others stand", async ({ open }) => {
    const { page } = await open({
      prepare: (page) => page.route(questions("trending_tags", "interactions_by_platform"), TIMEOUT),
    });
    const isFailed = async (name: (typeof CARD_NAMES)[number]) =>
      (await card(page, name).getByText("Could not load this").count()) > 0;
    const failed = [];
    for (const name of CARD_NAMES) if (await isFailed(name)) failed.push(name);
    expect(failed).toEqual(["Platform × type", "Tags accelerating"]);
    const words = card(page, "Tags accelerating").getByText(
      "Query of pipe 'trending_tags' took longer than 10 s",
    );
    expect(await words.isVisible()).toBe(true);
  });

  scenario("loads when it is tried again", async ({ open }) => {
    const visit = await open({ prepare: (page) => page.route(questions("trending_tags"), TIMEOUT) });
    await visit.page.unroute(questions("trending_tags"));
    await visit.page.unrouteAll();
    const tags = card(visit.page, "Tags accelerating");
    await tags.getByRole("button", { name: "Try again" }).click();
    await tags.getByText("#hostile").waitFor();
    expect(await tags.getByText("Could not load this").count()).toBe(0);
  });

  scenario(
    "behind an answer is stale: its badge tells the age, its figures are light, without a change",
    async ({ open }) => {
      const visit = await open();
      const { page } = visit;
      const interactions = figure(page, "Interactions");
      const weight = () =>
        interactions.locator("strong").evaluate((node) => Number(getComputedStyle(node).fontWeight));
      const [value, heavy] = [await interactions.locator("strong").textContent(), await weight()];
      await page.route(questions("platform_engagement", "engagement_timeseries"), RESTART);
      await visit.advance(20);
      expect(await interactions.textContent()).toMatch(/stale · \d+ s old/);
      expect(await interactions.locator("strong").textContent()).toBe(value);
      expect(await interactions.getByText("%").count()).toBe(0);
      expect(await weight()).toBeLessThan(heavy);
      const card_ = card(page, "Interactions");
      expect(await card_.textContent()).toMatch(/Stale · \d+ s old/);
      expect(await card_.textContent()).toContain("The engine is restarting. Trying again by itself.");
      expect(await status(page).textContent()).toContain("2 of 9 not answering");
    },
  );

  scenario("is asked at once by Try now, and is no longer stale then", async ({ open }) => {
    const visit = await open();
    await visit.page.route(questions("engagement_timeseries"), RESTART);
    await visit.advance(20);
    await visit.page.unrouteAll();
    const before = visit.asked.length;
    await card(visit.page, "Interactions").getByRole("button", { name: "Try now" }).click();
    await visit.settled();
    expect(visit.since(before).map(({ pipe }) => pipe)).toContain("engagement_timeseries");
    expect(
      await card(visit.page, "Interactions")
        .getByText(/^Stale/)
        .count(),
    ).toBe(0);
  });
});

describe("a server that refuses", () => {
  scenario("is asked for one more token and the question once more, then left in peace", async ({ open }) => {
    const visit = await open({
      prepare: (page) =>
        page.route(questions(), failing({ status: 403, error: "invalid authentication token" })),
    });
    await visit.settled();
    const counts = Object.values(CARDS).map(
      (pipe) => visit.asked.filter((each) => each.pipe === pipe).length,
    );
    expect(counts).toEqual(Object.values(CARDS).map(() => 2));
    expect(visit.tokenRequests).toHaveLength(2);
    const before = visit.asked.length;
    await visit.advance(30);
    expect(visit.since(before)).toEqual([]);
    expect(await status(visit.page).textContent()).toContain("This link may not read this");
  });

  scenario("a question that is wrong (400) is asked once, until the reader asks", async ({ open }) => {
    const visit = await open({
      prepare: (page) =>
        page.route(questions("trending_tags"), failing({ status: 400, error: "limit must be more" })),
    });
    await visit.advance(20);
    const count = () => visit.asked.filter(({ pipe }) => pipe === "trending_tags").length;
    expect(count()).toBe(1);
    await card(visit.page, "Tags accelerating").getByRole("button", { name: "Try again" }).click();
    await visit.settled();
    expect(count()).toBe(2);
  });

  scenario("too many (429) waits as long as the server says", async ({ open }) => {
    const visit = await open();
    const limited = failing({ status: 429, error: "too many requests", headers: { "retry-after": "20" } });
    await visit.page.route(questions("live_pulse"), limited);
    await visit.advance(6);
    const count = () => visit.asked.filter(({ pipe }) => pipe === "live_pulse").length;
    const refused = count();
    await visit.advance(13);
    expect(count()).toBe(refused);
    await visit.advance(6);
    expect(count()).toBe(refused + 1);
  });
});

describe("a server that does not answer", () => {
  scenario("is asked ever more seldom, and what was known stays", async ({ open }) => {
    const visit = await open();
    const { page } = visit;
    const inNext = async (seconds: number) => {
      const before = visit.asked.length;
      await visit.advance(seconds);
      return visit.since(before).length;
    };
    const well = await inNext(40);
    const value = await figure(page, "Interactions").locator("strong").textContent();
    await page.route(questions(), dead);
    await visit.advance(37);
    expect(await inNext(40)).toBeLessThan(well / 2);
    expect(await figure(page, "Interactions").locator("strong").textContent()).toBe(value);
    await page.unrouteAll();
    // The longest wait, and its chance.
    await visit.advance(72);
    expect(await page.getByText(/stale/i).count()).toBe(0);
    expect(await status(page).textContent()).toContain("Live");
  });
});
