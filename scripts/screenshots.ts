/** Takes the pictures of the README: the page as it is, with generated interactions, in the states that it can have. */
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { buildPage } from "./browser/build.ts";
import { launchChromium } from "./browser/chromium.ts";
import { startPageServer } from "./browser/server.ts";
import { surging } from "./browser/surges.ts";
import { generateInteractions, type Interaction } from "./generate.ts";

const FOLDER = join(import.meta.dirname, "../docs/dashboard");

/** Bytes of one picture: a README should open at once. */
const MOST_BYTES = 300_000;

/** The moment of the pictures, a Monday morning. */
const MOMENT = new Date("2026-11-23T08:25:00Z");

/** On the clock of the page; less than it waits for the card that is to look as if it loads. */
const STALE_SECONDS = 9;

/** Milliseconds in which the local server answers the other cards. */
const ANSWERS_MS = 1_000;

interface Picture {
  readonly file: string;
  readonly search?: string;
  readonly width: number;
  readonly height: number;
  /** All of the page, not only what is seen at first. */
  readonly isWhole?: boolean;
  /** Dots to a pixel. Default: 1. */
  readonly scale?: number;
  readonly theme?: "light" | "dark";
  /** Before the page is opened. */
  readonly prepare?: (page: Page) => Promise<unknown>;
  /** When its cards are there. */
  readonly act?: (page: Page) => Promise<unknown>;
}

const DESKTOP = { width: 1440, height: 900 } as const;
const PHONE = { width: 390, height: 844 } as const;

const PICTURES: readonly Picture[] = [
  { file: "desktop-light.png", ...DESKTOP },
  {
    file: "desktop-dark.png",
    ...DESKTOP,
    isWhole: true,
    scale: 0.8,
    theme: "dark",
    search: "?range=6h&platform=twitter,instagram&timezone=Europe/Berlin",
    act: readOut,
  },
  { file: "phone.png", ...PHONE },
  { file: "states.png", ...DESKTOP, height: 1320, prepare: withoutSome, act: staleSome },
];

async function readOut(page: Page): Promise<void> {
  await page.getByRole("slider").focus();
  for (const key of ["End", "Shift+ArrowLeft", "Shift+ArrowLeft"]) await page.keyboard.press(key);
}

/** One card without rows, one that failed, one that still waits. */
async function withoutSome(page: Page): Promise<void> {
  const [pipe, headers] = [
    (name: string) => new RegExp(`/v0/pipes/${name}\\.json`),
    { "access-control-allow-origin": "*" },
  ];
  await page.route(pipe("interactions_by_platform"), (route) =>
    route.fulfill({ json: { data: [] }, headers }),
  );
  await page.route(pipe("trending_tags"), (route) =>
    route.fulfill({
      status: 408,
      json: { error: "Query of pipe 'trending_tags' took longer than 10 s" },
      headers,
    }),
  );
  await page.route(pipe("recent_interactions"), () => undefined);
}

/** Three cards whose answers stop coming, seen when they are asked again. */
async function staleSome(page: Page): Promise<void> {
  const some = /\/v0\/pipes\/(platform_engagement|engagement_timeseries|trending_content)\.json/;
  const json = { error: "The engine is restarting" };
  await page.route(some, (route) => route.fulfill({ status: 503, json }));
  await page.clock.runFor(STALE_SECONDS * 1_000);
  await page.keyboard.press("r");
  await page
    .getByText(/^Stale/)
    .first()
    .waitFor();
  await page.waitForTimeout(ANSWERS_MS);
}

async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const server = await startPageServer({
    dashboard: await buildPage(),
    rows: interactions(),
    frozenAt: MOMENT,
  });
  const browser = await launchChromium();
  try {
    for (const picture of PICTURES) {
      const bytes = await take(browser, server.url, picture);
      console.log(`${picture.file}: ${Math.round(bytes / 1000)} kB`);
      if (bytes > MOST_BYTES) throw new Error(`${picture.file} has more than ${MOST_BYTES} bytes`);
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Four weeks and three busy days, up to the moment. */
function interactions(): Iterable<Interaction> {
  const month = generateInteractions({ events: 60_000, seed: 28, hours: 28 * 24, asOf: MOMENT });
  const days = generateInteractions({ events: 30_000, seed: 3, hours: 72, asOf: MOMENT });
  return surging([...month, ...days], MOMENT);
}

async function take(browser: Browser, url: string, picture: Picture): Promise<number> {
  const { file, width, height, theme = "light", search = "" } = picture;
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: picture.scale ?? 1,
    colorScheme: theme,
    timezoneId: "UTC",
    locale: "en-GB",
  });
  try {
    const page = await context.newPage();
    await page.clock.install({ time: MOMENT });
    await picture.prepare?.(page);
    await page.goto(`${url}/dashboard/${search}`);
    await page.locator('main [data-state="ready"]').nth(4).waitFor();
    await page.waitForFunction(() => document.querySelectorAll('main [aria-busy="true"]').length <= 1);
    await picture.act?.(page);
    const path = join(FOLDER, file);
    await page.screenshot({ path, fullPage: picture.isWhole === true });
    return statSync(path).size;
  } finally {
    await context.close();
  }
}

await main();
