import { describe, expect } from "vitest";
import { card } from "./cards.test-setup.ts";
import { answering, questions } from "./faults.test-setup.ts";
import { scenario } from "./scenario.test-setup.ts";

const CARDS = [
  "Interactions",
  "Platform × type",
  "Trending now",
  "Tags accelerating",
  "As it happens",
] as const;

describe("a page without interactions", () => {
  scenario("names the filters and the way out, when there are filters", async ({ open }) => {
    const { page } = await open({ search: "?tag=no_such_tag" });
    for (const name of CARDS) {
      const words = card(page, name).getByText(
        "No interaction matches these filters in this range. Remove a filter or widen the range.",
      );
      expect([name, await words.count()]).toEqual([name, 1]);
    }
  });

  scenario("names the way in, when there are none", async ({ open }) => {
    const { page } = await open({
      prepare: (page) =>
        page.route(
          questions("interactions_by_platform", "trending_content", "trending_tags", "recent_interactions"),
          answering([]),
        ),
    });
    for (const name of CARDS.slice(1)) {
      const words = card(page, name).getByText(
        "No interaction arrived in this range yet. Send one with the SDK, or run npm start.",
      );
      expect([name, await words.count()]).toEqual([name, 1]);
    }
  });

  scenario("has zeros, never NaN, ∞ or undefined", async ({ open }) => {
    const { page } = await open({ search: "?tag=no_such_tag" });
    expect(await page.locator("main").textContent()).not.toMatch(/NaN|∞|undefined|null/);
  });
});
