import type { Browser } from "playwright-core";
import { buildPage } from "../../browser/build.ts";
import { MOST_BYTES, pageBytes } from "../../browser/bytes.ts";
import { launchChromium } from "../../browser/chromium.ts";
import { AS_OF, fixtureInteractions } from "../../browser/fixture.ts";
import { startPageServer } from "../../browser/server.ts";
import { type BenchContext, type Figure, median } from "../bench.ts";
import { type Answers, type CannedServer, startCanned } from "./canned.ts";
import { load } from "./load.ts";

/** The page at one moment: it does not ask again. */
const ADDRESS = `/dashboard/?as_of=${AS_OF.toISOString().slice(0, 19).replace("T", " ")}`;

/** Pairs of a load of the page and one of its floor. */
const PAIRS = 11;

/** The budget: of our own first page that had everything, and some air. */
const MOST = { requests: 15, shift: 0.02, elements: 3_000 } as const;

/** How often the processor is slowed, and how many times its floor the page may take then. */
const SPEEDS = [
  { slowdown: 1, most: 3.0 },
  { slowdown: 4, most: 2.7 },
] as const;

const FLOOR = "the same page without a script";

/** What it costs to open the page. */
export async function* opening(context: BenchContext): AsyncGenerator<Figure> {
  const folder = await buildPage();
  const bytes = pageBytes(folder);
  for (const kind of ["js", "css", "html"] as const) {
    yield { what: `${kind}, gzipped`, value: bytes[kind] / 1000, unit: "kB", most: MOST_BYTES[kind] / 1000 };
  }
  const browser = await launchChromium();
  try {
    context.note("recording the answers of the embedded server");
    const server = await startCanned(folder, await record(browser, folder));
    try {
      yield* counts(browser, server);
      yield* besideFloor(browser, server, context);
    } finally {
      await server.close();
    }
  } finally {
    await browser.close();
  }
}

/** The page's own questions to a real server, with their answers. */
async function record(browser: Browser, folder: string): Promise<Answers> {
  const server = await startPageServer({ dashboard: folder, rows: fixtureInteractions(), frozenAt: AS_OF });
  const answers = new Map<string, string>();
  const context = await browser.newContext({ timezoneId: "UTC" });
  try {
    const page = await context.newPage();
    await page.route(/\/v0\/pipes\//, async (route) => {
      const response = await route.fetch();
      const name = /pipes\/(\w+)/.exec(route.request().url())?.[1] ?? "";
      answers.set(name, await response.text());
      await route.fulfill({ response });
    });
    await page.goto(server.url + ADDRESS);
    await page.waitForFunction(() => document.querySelectorAll('main [data-state="ready"]').length === 9);
    await page.waitForLoadState("networkidle");
    return answers;
  } finally {
    await context.close();
    await server.close();
  }
}

async function* counts(browser: Browser, server: CannedServer): AsyncGenerator<Figure> {
  const desktop = await load(browser, server.url + ADDRESS, {
    // What it looks like then, as a file: the floor of the time.
    atEnd: async (page) => server.setFloor(withoutScript(await page.content())),
  });
  const phone = await load(browser, server.url + ADDRESS, { width: 390, height: 844 });
  yield { what: "requests until complete", value: desktop.requests, unit: "", most: MOST.requests };
  yield { what: "elements", value: desktop.elements, unit: "", most: MOST.elements };
  yield { what: "layout shift, desktop", value: desktop.shift, unit: "", most: MOST.shift };
  yield { what: "layout shift, phone", value: phone.shift, unit: "", most: MOST.shift };
}

function withoutScript(html: string): string {
  return html.replace(/<script[^>]*>[^<]*<\/script>/g, "").replace(/<link rel="modulepreload"[^>]*>/g, "");
}

async function* besideFloor(
  browser: Browser,
  server: CannedServer,
  { note, signal }: BenchContext,
): AsyncGenerator<Figure> {
  for (const { slowdown, most } of SPEEDS) {
    const [pages, floors, ratios]: [number[], number[], number[]] = [[], [], []];
    // The first pair warms the browser up.
    for (let pair = 0; pair <= PAIRS && !signal.aborted; pair++) {
      note(`processor slowed ${slowdown} ×, pair ${pair} of ${PAIRS}`);
      const page = await load(browser, server.url + ADDRESS, { slowdown });
      const floor = await load(browser, `${server.url}/floor/`, { slowdown });
      if (pair === 0) continue;
      pages.push(page.milliseconds);
      floors.push(floor.milliseconds);
      ratios.push(page.milliseconds / floor.milliseconds);
    }
    const at = slowdown === 1 ? "" : `, processor slowed ${slowdown} ×`;
    yield { what: `${FLOOR}${at}`, value: median(floors), unit: "ms" };
    const ratio = { of: "floor", value: median(ratios) };
    yield { what: `all cards drawn${at}`, value: median(pages), unit: "ms", ratio, most };
  }
}
