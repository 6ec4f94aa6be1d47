import type { Browser } from "playwright-core";
import { inject, test } from "vitest";
import { launchChromium } from "../../scripts/browser/chromium.ts";
import type { Site } from "./site.test-global-setup.ts";
import { type Visit, type VisitOptions, visit } from "./visit.test-setup.ts";

type Open = (options?: VisitOptions) => Promise<Visit>;

interface Scenario {
  readonly browser: Browser;
  /** The server and its page. */
  readonly site: Site;
  /** Opens the page; closed behind the scenario. */
  readonly open: Open;
}

const provided = inject("site");

const inBrowser = test.extend<Scenario>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of what a fixture needs here
  site: async ({}, use) => {
    if (provided === null) throw new Error("There is no site to look at");
    await use(provided);
  },
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const browser = await launchChromium();
      await use(browser);
      await browser.close();
    },
    { scope: "file" },
  ],
  open: async ({ browser, site }, use) => {
    await use((options) => visit(browser, site.url, options));
    await Promise.all(browser.contexts().map((context) => context.close()));
  },
});

/** A test in a browser; skipped where there is none. */
export const scenario = inBrowser.skipIf(provided === null);
