import type { Browser, Page } from "playwright-core";

/** Cards of the page. */
const CARDS = 9;

/** A page that was opened for the first time by a browser that kept nothing. */
export interface Load {
  /** Milliseconds from the navigation until every card was drawn. */
  readonly milliseconds: number;
  readonly requests: number;
  /** Sum of the layout shifts until then. */
  readonly shift: number;
  readonly elements: number;
}

export interface LoadOptions {
  readonly width?: number;
  readonly height?: number;
  /** By how much the processor is slowed. Default: 1. */
  readonly slowdown?: number;
  /** Done with the page at the end. */
  readonly atEnd?: (page: Page) => Promise<void>;
}

/** Opens an address and measures until its cards have their answers. */
export async function load(browser: Browser, url: string, options: LoadOptions = {}): Promise<Load> {
  const { width = 1440, height = 900, slowdown = 1 } = options;
  const context = await browser.newContext({ viewport: { width, height }, timezoneId: "UTC" });
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
    await page.addInitScript(observe, CARDS);
    let requests = 0;
    page.on("request", () => requests++);
    await page.goto(url);
    const seen = await page.waitForFunction(() => (globalThis as unknown as Observing).drawn);
    const { milliseconds, shift, elements } = (await seen.jsonValue()) as Drawn;
    await options.atEnd?.(page);
    return { milliseconds, shift, elements, requests };
  } finally {
    await context.close();
  }
}

type Drawn = Omit<Load, "requests">;
type Observing = { drawn?: Drawn };

/**
 * Runs in the page: tells when as many cards as given are drawn, two frames after they are there. No function in it has
 * a name: the compiler would wrap it in a helper that the page lacks.
 */
function observe(cards: number): void {
  let shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  new MutationObserver((_, observer) => {
    if (document.querySelectorAll('main [data-state="ready"]').length < cards) return;
    observer.disconnect();
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const elements = document.querySelectorAll("*").length;
        Object.assign(globalThis, { drawn: { milliseconds: performance.now(), shift, elements } });
      }),
    );
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-state"] });
}
