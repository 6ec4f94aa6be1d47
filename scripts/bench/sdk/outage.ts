import { setTimeout as delay } from "node:timers/promises";
import { type ClientOptions, createClient, type SocialInteraction } from "@social-interactions/sdk";
import { collectGarbage } from "./garbage.ts";
import type { Mock } from "./mock.ts";

export type OutageOptions = {
  readonly seconds: number;
  readonly eventsPerSecond: number;
  readonly client: Omit<ClientOptions, "host" | "token">;
  readonly signal: AbortSignal;
};

export type OutageResult = {
  readonly sent: number;
  readonly lost: number;
  readonly copies: number;
  /** Events without an outcome that is told. */
  readonly silent: number;
  /** Growth of the memory in use after each tenth of the outage, garbage left out. */
  readonly growthCurveBytes: readonly number[];
  /** The most at any moment, the recovery and garbage included. */
  readonly growthMostBytes: number;
  /** From the service's return until every event had an outcome. */
  readonly recoverySeconds: number;
};

const CURVE_POINTS = 10;
/** Steps of the paced producer. */
const STEPS_PER_SECOND = 20;
const CLOSE_TIMEOUT_MS = 120_000;

/** Sends at a steady pace while connections are refused, then lets the service come back. */
export async function outage(
  mock: Mock,
  event: (index: number) => SocialInteraction,
  options: OutageOptions,
): Promise<OutageResult> {
  await mock.begin("none", true);
  await mock.setOpen(false);
  const client = createClient({ host: mock.host, token: "p.bench", ...options.client });
  const before = await leastMemory();
  const growth = () => memory() - before;
  const curve: number[] = [];
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, growth());
  }, 1_000 / STEPS_PER_SECOND);
  const sent = await pace(
    options,
    (index) => void client.socialInteractions.send(event(index)),
    (share) => {
      if (share * CURVE_POINTS < curve.length + 1) return;
      collectGarbage();
      curve.push(growth());
    },
  );
  await mock.setOpen(true);
  const back = performance.now();
  const report = await client.close({ timeout: CLOSE_TIMEOUT_MS });
  clearInterval(watch);
  const { rows, unique } = await mock.report();
  const { delivered, quarantined, rejected, undeliverable, spooled } = report;
  return {
    sent,
    lost: sent - unique,
    copies: rows - unique,
    silent: sent - delivered - quarantined - rejected - undeliverable - spooled,
    growthCurveBytes: curve,
    growthMostBytes: most,
    recoverySeconds: (performance.now() - back) / 1_000,
  };
}

/** Buffers that one collection finds are given back while the next one runs. */
async function leastMemory(): Promise<number> {
  collectGarbage();
  await delay(1_000 / STEPS_PER_SECOND);
  collectGarbage();
  return memory();
}

/** What the process uses; its resident set would also show what an earlier run has used. */
function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/**
 * As many calls as are due by the clock, so that a slow step is made up for. Answers how many there were.
 *
 * @param eachStep Told the share of the time that is over.
 */
async function pace(
  { seconds, eventsPerSecond, signal }: OutageOptions,
  call: (index: number) => void,
  eachStep: (share: number) => void,
): Promise<number> {
  const start = performance.now();
  let done = 0;
  while (!signal.aborted) {
    const elapsed = Math.min(seconds, (performance.now() - start) / 1_000);
    for (const due = Math.floor(elapsed * eventsPerSecond); done < due; done += 1) call(done);
    eachStep(elapsed / seconds);
    if (elapsed >= seconds) break;
    await delay(1_000 / STEPS_PER_SECOND);
  }
  return done;
}
