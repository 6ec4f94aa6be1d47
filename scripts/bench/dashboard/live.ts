import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "@social-interactions/sdk";
import type { Browser, CDPSession, Page } from "playwright-core";
import type { LocalServer } from "tb-embedded";
import { buildPage } from "../../browser/build.ts";
import { launchChromium } from "../../browser/chromium.ts";
import { startPageServer, tokenOf } from "../../browser/server.ts";
import { generateInteractions } from "../../generate.ts";
import { happening } from "../../rows/live.ts";
import type { BenchContext, Figure } from "../bench.ts";

/** Interactions that the SDK sends in a second. */
const RATE = 50;

/** What is there before: three days, as `npm start` makes them. */
const BEFORE = { events: 20_000, hours: 72 } as const;

/** Seconds after the page is complete, before anything counts. */
const WARM_UP_SECONDS = 10;

/** The budget: percent of one processor, and megabytes more at the end than at the beginning. */
const MOST = { share: 3, heapGrowth: 1, requests: 53, errors: 0 } as const;

/** A page that somebody looks at for some minutes while interactions come in. */
export async function* live(minutes: number, context: BenchContext): AsyncGenerator<Figure> {
  const asOf = new Date();
  const rows = generateInteractions({ ...BEFORE, seed: asOf.getTime() % 2 ** 32, asOf });
  const server = await startPageServer({ dashboard: await buildPage(), rows });
  const browser = await launchChromium();
  const sending = new AbortController();
  const sent = send(server, minutes, AbortSignal.any([sending.signal, context.signal]));
  try {
    yield* watch(browser, server, minutes, context);
  } finally {
    sending.abort();
    const { delivered, failed } = await sent;
    yield { what: "interactions delivered", value: delivered, unit: "rows" };
    yield { what: "interactions not delivered", value: failed, unit: "rows", most: MOST.errors };
    await browser.close();
    await server.close();
  }
}

async function send(
  server: LocalServer,
  minutes: number,
  signal: AbortSignal,
): Promise<{ delivered: number; failed: number }> {
  const client = createClient({ host: server.url, token: tokenOf(server, "tracker") });
  // More than are sent: the page takes some seconds to open.
  const events = Math.ceil((minutes + 2) * 60 * RATE);
  const drawn = generateInteractions({ events, seed: 50, hours: 1, asOf: new Date() });
  const summary = await client.socialInteractions.sendAll(happening(drawn, { rate: RATE, signal }));
  await client.close();
  const { delivered, quarantined, rejected, undeliverable } = summary;
  return { delivered, failed: quarantined + rejected + undeliverable };
}

interface Sample {
  /** Seconds of work on the page's main thread since it was opened. */
  readonly work: number;
  /** Megabytes of live objects, behind a collection. */
  readonly heap: number;
  readonly requests: number;
  readonly errors: number;
  /** Milliseconds. */
  readonly at: number;
}

async function* watch(
  browser: Browser,
  server: LocalServer,
  minutes: number,
  { note, signal }: BenchContext,
): AsyncGenerator<Figure> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const sample = sampler(page, session);
  await page.goto(`${server.url}/dashboard/`);
  await page.waitForFunction(() => document.querySelectorAll('main [data-state="ready"]').length === 9);
  await sleep(WARM_UP_SECONDS * 1000);
  const first = await sample();
  let last = first;
  for (let minute = 1; minute <= minutes && !signal.aborted; minute++) {
    await sleep(60_000, undefined, { signal }).catch(() => undefined);
    const next = await sample();
    note(
      `minute ${minute}: ${share(last, next).toFixed(2)} % of the main thread, ${next.heap.toFixed(2)} MB`,
    );
    last = next;
  }
  yield* report(first, last);
}

function* report(first: Sample, last: Sample): Generator<Figure> {
  const minutes = (last.at - first.at) / 60_000;
  yield { what: "watched", value: minutes, unit: "min" };
  yield { what: "main thread", value: share(first, last), unit: "%", most: MOST.share };
  yield { what: "heap at first, behind a collection", value: first.heap, unit: "MB" };
  yield { what: "heap at the end", value: last.heap, unit: "MB" };
  yield { what: "more", value: last.heap - first.heap, unit: "MB", most: MOST.heapGrowth };
  const requests = (last.requests - first.requests) / minutes;
  yield { what: "requests a minute", value: requests, unit: "", most: MOST.requests };
  yield { what: "errors", value: last.errors, unit: "", most: MOST.errors };
}

function share(from: Sample, to: Sample): number {
  return ((to.work - from.work) / ((to.at - from.at) / 1000)) * 100;
}

/** Counts from now on; errors are those of the console and of answers. */
function sampler(page: Page, session: CDPSession): () => Promise<Sample> {
  let [requests, errors] = [0, 0];
  page.on("request", () => requests++);
  page.on("requestfailed", () => errors++);
  page.on("response", (response) => {
    if (!response.ok()) errors++;
  });
  page.on("console", (message) => {
    if (message.type() === "error") errors++;
  });
  page.on("pageerror", () => errors++);
  return async () => {
    // The work of the collection is ours, not the page's.
    const { metrics } = await session.send("Performance.getMetrics");
    const at = performance.now();
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    const work = metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
    return { work, heap: usedSize / 1e6, requests, errors, at };
  };
}
