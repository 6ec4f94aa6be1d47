import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";
import { CARD_NAMES, chooseInMenu } from "./cards.test-setup.ts";
import { failing, questions } from "./faults.test-setup.ts";
import { scenario } from "./scenario.test-setup.ts";
import { type VisitOptions, visit } from "./visit.test-setup.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Fewer passed rules would mean that axe looked at next to nothing. */
const LEAST_PASSED = 35;

interface Look {
  readonly passed: number;
  readonly violations: readonly string[];
}

async function look(page: Page): Promise<Look> {
  await page.evaluate(AXE);
  const results = await page.evaluate(
    (tags) =>
      (globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
        runOnly: { type: "tag", values: tags },
      }),
    TAGS,
  );
  return {
    passed: results.passes.length,
    violations: results.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`),
    ),
  };
}

const everyTable = async (page: Page) => {
  for (const name of CARD_NAMES) await chooseInMenu(page, name, "Show as table");
};

const SITUATIONS: readonly [string, VisitOptions, ((page: Page) => Promise<void>)?][] = [
  ["light", {}],
  ["dark, with filters", { theme: "dark", search: "?platform=reddit,twitter&range=6h" }],
  ["on a phone", { width: 390, height: 844 }],
  ["empty", { search: "?tag=no_such_tag" }],
  [
    "where every card fails",
    {
      prepare: (page) => page.route(questions(), failing({ status: 503, error: "The engine is restarting" })),
    },
  ],
  ["as tables", {}, everyTable],
];

describe("axe finds nothing", () => {
  scenario.for(SITUATIONS)("%s", async ([, options, act], { browser, site }) => {
    // Looked at from outside of the policy, which the page itself is under in every other scenario.
    const { page } = await visit(browser, site.url, { ...options, bypassPolicy: true });
    await act?.(page);
    const { passed, violations } = await look(page);
    await page.context().close();
    expect(violations).toEqual([]);
    expect(passed).toBeGreaterThanOrEqual(LEAST_PASSED);
  });
});

describe("without a mouse and without eyes", () => {
  scenario("the first Tab leads to a link to the board", async ({ open }) => {
    const { page } = await open();
    await page.keyboard.press("Tab");
    const link = page.locator(":focus");
    expect(await link.evaluate((node) => node.tagName)).toBe("A");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.textContent?.includes("Trending now"))).toBe(
      true,
    );
  });

  scenario("one status tells how the page is; the feed is not announced", async ({ open }) => {
    const { page } = await open();
    expect(await page.getByRole("banner").getByRole("status").count()).toBe(1);
    expect(await page.locator("main [aria-live], main [role=log], main [role=feed]").count()).toBe(0);
  });

  scenario(
    "every card has its table in the same place, with a caption and named columns",
    async ({ open }) => {
      const { page } = await open();
      for (const name of CARD_NAMES) {
        await chooseInMenu(page, name, "Show as table");
        const table = page.getByRole("region", { name, exact: true }).getByRole("table");
        expect([name, await table.locator("caption").count()]).toEqual([name, 1]);
        expect(await table.locator('thead th[scope="col"]').count()).toBeGreaterThan(1);
      }
    },
  );

  scenario("nothing but the live dot moves, and not even that when motion is unwanted", async ({ open }) => {
    const { page } = await open();
    const moving = () =>
      page.evaluate(() =>
        document
          .getAnimations()
          .filter(({ playState }) => playState === "running")
          .map(({ effect }) => (effect instanceof KeyframeEffect ? (effect.target?.className ?? "") : "")),
      );
    expect((await moving()).length).toBe(1);
    await page.emulateMedia({ reducedMotion: "reduce" });
    expect(await moving()).toEqual([]);
  });
});
