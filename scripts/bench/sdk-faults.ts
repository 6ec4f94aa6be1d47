import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClientOptions, createClient, type SocialInteraction } from "@social-interactions/sdk";
import type { Bench, BenchContext, Figure } from "./bench.ts";
import { benchEvents } from "./sdk/events.ts";
import { FAULTS, type Fault, type Mock, startMock } from "./sdk/mock.ts";
import { outage } from "./sdk/outage.ts";

const EVENTS = 20_000;
/** A hundred requests and more, so that ten meet the fault; 1,500 rows make more than 100 kB, for the 413. */
const ROWS_PER_BATCH = 200;
const ROWS_PER_LARGE_BATCH = 1_500;
/** A stalled attempt is given up after this; the server would stall for 30 s. */
const TIMEOUT_MS = 10_000;
const OUTAGE_SECONDS = 60;
const OUTAGE_RATE = 5_000;
const BYTES_PER_MB = 1e6;
/** Room for all that comes in the outage without a spool. */
const OUTAGE_QUEUE_BYTES = 256_000_000;

export const bench: Bench = {
  description:
    "Events lost, silent and doubled by faults on a tenth of the requests, and in an outage (args: seconds of it)",
  async *run(context) {
    const mock = await startMock();
    try {
      const events = benchEvents(EVENTS);
      // First, while the process is small: its growth is what is measured.
      yield* outages(mock, events, context);
      for (const fault of FAULTS) {
        if (!context.signal.aborted) yield* underFault(fault, events, mock, context);
      }
    } finally {
      mock.close();
    }
  },
};

const count = (what: string, value: number, unit: string, aim?: string): Figure => ({
  what,
  value,
  unit,
  ...(aim === undefined ? {} : { aim }),
});

async function* underFault(
  fault: Fault,
  events: readonly SocialInteraction[],
  mock: Mock,
  { note }: BenchContext,
): AsyncGenerator<Figure> {
  note(fault);
  await mock.begin(fault, true);
  const large = fault === "413 above 100 kB";
  const client = createClient({
    host: mock.host,
    token: "p.bench",
    timeoutMs: TIMEOUT_MS,
    batch: { maxRows: large ? ROWS_PER_LARGE_BATCH : ROWS_PER_BATCH },
  });
  for (const event of events) {
    if (!client.socialInteractions.send(event)) await client.socialInteractions.ready();
  }
  const { sent, delivered, quarantined, rejected, undeliverable, spooled } = await client.close({
    timeout: 300_000,
  });
  const { rows, unique, faults, requests } = await mock.report();
  const told = quarantined + rejected + undeliverable + spooled;
  yield count(`${fault}: lost`, events.length - unique, "events", "0");
  yield count(`${fault}: silent`, sent - delivered - told, "events", "0");
  yield count(`${fault}: extra copies`, rows - unique, "events");
  yield count(`${fault}: requests that met it`, faults, `of ${requests}`);
}

async function* outages(
  mock: Mock,
  events: readonly SocialInteraction[],
  context: BenchContext,
): AsyncGenerator<Figure> {
  const dir = mkdtempSync(join(tmpdir(), "bench-spool-"));
  const variants: readonly (readonly [string, Omit<ClientOptions, "host" | "token">])[] = [
    ["with a spool", { spool: { dir } }],
    ["in memory", { queue: { maxBytes: OUTAGE_QUEUE_BYTES } }],
  ];
  try {
    for (const [name, options] of variants) {
      if (!context.signal.aborted) yield* outageFigures(name, options, mock, events, context);
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function* outageFigures(
  name: string,
  client: Omit<ClientOptions, "host" | "token">,
  mock: Mock,
  events: readonly SocialInteraction[],
  { args, signal, note }: BenchContext,
): AsyncGenerator<Figure> {
  const seconds = Number(args[0] ?? OUTAGE_SECONDS);
  note(`an outage of ${seconds} s at ${OUTAGE_RATE} events/s, ${name}`);
  const event = (index: number) => ({
    ...(events[index % events.length] as SocialInteraction),
    interaction_id: `o${index}`,
  });
  const result = await outage(mock, event, { seconds, eventsPerSecond: OUTAGE_RATE, client, signal });
  const what = `outage of ${seconds} s ${name}`;
  yield count(`${what}: sent`, result.sent, "events");
  yield count(`${what}: lost`, result.lost, "events", "0");
  yield count(`${what}: silent`, result.silent, "events", "0");
  yield count(`${what}: extra copies`, result.copies, "events");
  for (const [index, bytes] of result.growthCurveBytes.entries()) {
    const at = ((index + 1) * seconds) / result.growthCurveBytes.length;
    yield count(`${what}: memory growth after ${at} s`, bytes / BYTES_PER_MB, "MB");
  }
  yield count(`${what}: memory growth, most, garbage included`, result.growthMostBytes / BYTES_PER_MB, "MB");
  yield count(`${what}: all delivered after`, result.recoverySeconds, "s");
}
