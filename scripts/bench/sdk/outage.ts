import { setTimeout as delay } from "node:timers/promises";
import { type ClientOptions, createClient, type SocialInteraction } from "@social-interactions/sdk";
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
  /** Heap in use and buffers, over what they were before: at the end of the outage, and the most. */
  readonly growthAtEndBytes: number;
  readonly growthBytes: number;
  /** From the service's return until every event had an outcome. */
  readonly recoverySeconds: number;
};

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
  globalThis.gc?.();
  const before = memory();
  let most = 0;
  const growth = () => {
    const now = memory() - before;
    most = Math.max(most, now);
    return now;
  };
  const sent = await pace(
    options,
    (index) => {
      if (!client.socialInteractions.send(event(index))) growth();
    },
    growth,
  );
  const atEnd = growth();
  await mock.setOpen(true);
  const back = performance.now();
  const watch = setInterval(growth, 1_000 / STEPS_PER_SECOND);
  const report = await client.close({ timeout: CLOSE_TIMEOUT_MS });
  clearInterval(watch);
  const { rows, unique } = await mock.report();
  const { delivered, quarantined, rejected, undeliverable, spooled } = report;
  return {
    sent,
    lost: sent - unique,
    copies: rows - unique,
    silent: sent - delivered - quarantined - rejected - undeliverable - spooled,
    growthAtEndBytes: atEnd,
    growthBytes: most,
    recoverySeconds: (performance.now() - back) / 1_000,
  };
}

/** What the process uses; its resident set would also show what an earlier run has used. */
function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** As many calls as are due by the clock, so that a slow step is made up for. Answers how many there were. */
async function pace(
  { seconds, eventsPerSecond, signal }: OutageOptions,
  call: (index: number) => void,
  eachStep: () => void,
): Promise<number> {
  const start = performance.now();
  let done = 0;
  while (!signal.aborted) {
    const elapsed = Math.min(seconds, (performance.now() - start) / 1_000);
    for (const due = Math.floor(elapsed * eventsPerSecond); done < due; done += 1) call(done);
    eachStep();
    if (elapsed >= seconds) break;
    await delay(1_000 / STEPS_PER_SECOND);
  }
  return done;
}
