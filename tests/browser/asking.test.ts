import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { CARD_PIPES, card, status, timeline } from "./cards.test-setup.ts";
import { scenario } from "./scenario.test-setup.ts";

/** Counts, in the page, how often a card was dimmed or marked as busy from now on. */
async function watchDimming(page: Page): Promise<() => Promise<number>> {
  const counter = await page.evaluateHandle(() => {
    const seen = { changes: 0 };
    const isDim = (node: Node) =>
      node instanceof Element &&
      (node.hasAttribute("data-changing") || node.getAttribute("aria-busy") === "true");
    new MutationObserver((records) => {
      seen.changes += records.filter(({ target }) => isDim(target)).length;
    }).observe(document.body, {
      subtree: true,
      attributes: true,
      attributeFilter: ["data-changing", "aria-busy"],
    });
    return seen;
  });
  return () => counter.evaluate(({ changes }) => changes);
}

/** Hides the tab, or shows it again, as the browser tells a page. */
function setVisibility(page: Page, state: "visible" | "hidden"): Promise<void> {
  return page.evaluate((value) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => value });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
}

describe("polling", () => {
  scenario("changes marks in place: same nodes, nothing dims, focus and read-out stay", async ({ open }) => {
    const visit = await open();
    const { page } = visit;
    const nodes = await page.evaluateHandle(() => [
      ...document.querySelectorAll("main section, main tr, main svg, main [role=slider], main button"),
    ]);
    const dimmed = await watchDimming(page);
    await timeline(page).focus();
    // Not the first: the window cuts that one each time at another second.
    for (const key of ["Home", "Shift+ArrowRight"]) await page.keyboard.press(key);
    const readOut = await card(page, "Interactions").locator(".read-out").textContent();
    const before = visit.asked.length;
    await visit.advance(18);
    const pipes = new Set(visit.since(before).map(({ pipe }) => pipe));
    expect([...pipes]).toEqual(
      expect.arrayContaining([
        "live_pulse",
        "platform_engagement",
        "engagement_timeseries",
        "trending_content",
      ]),
    );
    expect(await nodes.evaluate((all) => all.filter((node) => !node.isConnected).length)).toBe(0);
    expect(await dimmed()).toBe(0);
    expect(await timeline(page).evaluate((slider) => slider === document.activeElement)).toBe(true);
    expect(await card(page, "Interactions").locator(".read-out").textContent()).toBe(readOut);
  });

  scenario("keeps the bucket that is read out while the window moves on", async ({ open }) => {
    const visit = await open({ search: "?range=1h" });
    await timeline(visit.page).focus();
    for (const key of ["Home", "Shift+ArrowRight"]) await visit.page.keyboard.press(key);
    const bucket = async () => (await timeline(visit.page).getAttribute("aria-valuetext"))?.slice(0, 17);
    const [chosen, before] = [await bucket(), visit.asked.length];
    await visit.advance(80);
    expect(visit.since(before).map(({ pipe }) => pipe)).toContain("engagement_timeseries");
    expect(await bucket()).toBe(chosen);
  });

  scenario(
    "asks again behind each answer, at the pace of its card, and never twice at once",
    async ({ open }) => {
      const visit = await open();
      const before = visit.asked.length;
      await visit.advance(60);
      const counts = new Map<string, number>();
      for (const { pipe } of visit.since(before)) counts.set(pipe, (counts.get(pipe) ?? 0) + 1);
      const between = (least: number, most: number) => (n: number | undefined) =>
        n !== undefined && n >= least && n <= most;
      for (const [pipe, fits] of [
        ["live_pulse", between(10, 13)],
        ["recent_interactions", between(10, 13)],
        ["data_quality", between(5, 6)],
        ["platform_engagement", between(3, 4)],
        ["engagement_timeseries", between(3, 4)],
        ["trending_content", between(3, 4)],
        ["trending_tags", between(3, 4)],
        ["interactions_by_platform", between(1, 2)],
      ] as const) {
        expect([pipe, counts.get(pipe), fits(counts.get(pipe))]).toEqual([pipe, counts.get(pipe), true]);
      }
      expect(counts.get("best_time_heatmap")).toBeUndefined();
      expect(visit.since(before).length).toBeLessThanOrEqual(53);
    },
  );

  scenario("moves the window when the question leaves", async ({ open }) => {
    const visit = await open();
    await visit.advance(20);
    const untils = visit.asked
      .filter(({ pipe }) => pipe === "platform_engagement")
      .map((each) => each.params.get("until"));
    expect(new Set(untils).size).toBe(untils.length);
  });
});

describe("nothing is asked", () => {
  scenario("while paused; going on asks what is due at once", async ({ open }) => {
    const visit = await open();
    await visit.page.keyboard.press("Space");
    await visit.settled();
    const before = visit.asked.length;
    await visit.advance(6);
    expect(visit.since(before)).toEqual([]);
    await visit.page.keyboard.press("Space");
    await visit.settled();
    expect(
      visit
        .since(before)
        .map(({ pipe }) => pipe)
        .toSorted(),
    ).toEqual(["live_pulse", "recent_interactions"]);
  });

  scenario("while hidden; being seen again asks what is due at once", async ({ open }) => {
    const visit = await open();
    await setVisibility(visit.page, "hidden");
    const before = visit.asked.length;
    await visit.advance(6);
    expect(visit.since(before)).toEqual([]);
    await setVisibility(visit.page, "visible");
    await visit.settled();
    expect(
      visit
        .since(before)
        .map(({ pipe }) => pipe)
        .toSorted(),
    ).toEqual(["live_pulse", "recent_interactions"]);
    await visit.advance(20);
    expect(visit.since(before).length).toBeGreaterThan(6);
  });

  scenario("on a frozen link, which says its moment and leads back to what is live", async ({ open }) => {
    const visit = await open({ search: "?as_of=2026-11-23 08:25:00" });
    expect(await status(visit.page).textContent()).toContain("Frozen at Mon 23 Nov, 08:25");
    const before = visit.asked.length;
    await visit.advance(6);
    expect(visit.since(before)).toEqual([]);
    await visit.page.getByRole("button", { name: "Go live" }).click();
    await visit.settled();
    expect(new URL(visit.page.url()).search).toBe("");
    expect(visit.since(before).map(({ pipe }) => pipe)).toEqual(expect.arrayContaining([...CARD_PIPES]));
  });

  scenario("by a pause that the browser keeps", async ({ open }) => {
    const visit = await open();
    await visit.page.keyboard.press("Space");
    await visit.page.reload();
    await visit.page.locator("main").waitFor();
    await status(visit.page).getByText("Paused").waitFor();
  });
});
