import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ClientOptions,
  createClient,
  dataSources,
  type SocialInteraction,
} from "@social-interactions/sdk";
import type { Bench, BenchContext, Figure } from "./bench.ts";
import { benchEvents } from "./sdk/events.ts";
import { bareBatcher, byFetch, byUndici, oneRequestPerEvent } from "./sdk/floor.ts";
import { type Cost, costOf, leastCost } from "./sdk/measure.ts";
import { type Mock, startMock } from "./sdk/mock.ts";
import { bundleSize, dependencyCount } from "./sdk/size.ts";

const EVENTS = 100_000;
const ROUNDS = 7;
/** One request per event is so slow that fewer have to do. */
const SINGLE_EVENTS = 5_000;
const SINGLE_PARALLEL = 100;

export const bench: Bench = {
  description: "Events per second and CPU per event of the SDK, beside JSON.stringify and a bare batcher",
  async *run(context) {
    const events = benchEvents(Number(context.args[0] ?? EVENTS));
    const mock = await startMock();
    try {
      yield* speeds(events, mock, context);
    } finally {
      mock.close();
    }
    yield* sizes();
  },
};

type Work = { readonly name: string; readonly run: () => unknown; readonly aim?: string };

/** Every kind of work once a round, so that what else the machine does falls on all of them. */
async function* speeds(
  events: readonly SocialInteraction[],
  mock: Mock,
  context: BenchContext,
): AsyncGenerator<Figure> {
  const works = [...floors(events, mock.host), ...clients(events, mock.host)];
  const costs = new Map<string, Cost[]>(works.map(({ name }) => [name, []]));
  for (let round = 0; round <= ROUNDS && !context.signal.aborted; round += 1) {
    context.note(round === 0 ? "warming up" : `round ${round} of ${ROUNDS}`);
    for (const { name, run } of startingAt(works, round)) {
      await mock.begin("none", false);
      const cost = await costOf(events.length, run);
      if (round > 0) costs.get(name)?.push(cost);
    }
  }
  const least = new Map([...costs].map(([name, all]) => [name, leastCost(all)]));
  yield* report(works, least);
  yield* single(events, mock, least.get(PER_CALL));
}

/** The same list from another start, so that no work always has the same one before it. */
const startingAt = <T>(list: readonly T[], start: number): readonly T[] => {
  const first = start % list.length;
  return [...list.slice(first), ...list.slice(0, first)];
};

const STRINGIFY = "JSON.stringify";
const BARE = "bare undici batcher";
const PER_CALL = "send(event)";

function floors(events: readonly SocialInteraction[], host: string): Work[] {
  const { row } = dataSources.socialInteractions;
  let sink = 0;
  return [
    {
      name: STRINGIFY,
      run: () => {
        for (const event of events) sink += JSON.stringify(event).length;
        return sink;
      },
    },
    {
      name: "zod safeParse",
      run: () => {
        for (const event of events) sink += row.safeParse(event).success ? 1 : 0;
        return sink;
      },
    },
    { name: BARE, run: () => sendBare(events, host) },
  ];
}

async function sendBare(events: readonly SocialInteraction[], host: string): Promise<void> {
  const batcher = bareBatcher(host);
  for (const event of events) {
    batcher.send(event);
    if (batcher.full()) await batcher.ready();
  }
  await batcher.close();
}

function clients(events: readonly SocialInteraction[], host: string): Work[] {
  const plain = { host, token: "p.bench", compression: false } as const;
  return [
    {
      name: PER_CALL,
      run: () => sendEach(events, plain),
      aim: "as fast as the bare batcher, CPU at most 3 × JSON.stringify",
    },
    { name: "send(event), unchecked", run: () => sendEach(events, { ...plain, validate: false }) },
    { name: "sendAll(events)", run: () => sendAll(events, plain) },
    { name: "send(event), gzip", run: () => sendEach(events, { host, token: "p.bench" }) },
    {
      name: "send(event), durable spool",
      run: () => withSpool((dir) => sendEach(events, { ...plain, spool: { dir } })),
    },
    {
      name: "sendAll(events), spool",
      run: () => withSpool((dir) => sendAll(events, { ...plain, spool: { dir } })),
    },
  ];
}

async function sendEach(events: readonly SocialInteraction[], options: ClientOptions): Promise<void> {
  const client = createClient(options);
  for (const event of events) {
    if (!client.socialInteractions.send(event)) await client.socialInteractions.ready();
  }
  const { delivered } = await client.close();
  if (delivered !== events.length) throw new Error(`${delivered} of ${events.length} events were delivered`);
}

async function sendAll(events: readonly SocialInteraction[], options: ClientOptions): Promise<void> {
  const client = createClient(options);
  const { delivered } = await client.socialInteractions.sendAll(events);
  await client.close();
  if (delivered !== events.length) throw new Error(`${delivered} of ${events.length} events were delivered`);
}

async function withSpool(run: (dir: string) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "bench-spool-"));
  try {
    await run(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const NS_PER_SECOND = 1e9;

function* report(works: readonly Work[], least: ReadonlyMap<string, Cost>): Generator<Figure> {
  const stringify = least.get(STRINGIFY)?.cpuNs ?? Number.NaN;
  const bare = least.get(BARE)?.wallNs ?? Number.NaN;
  for (const { name, aim } of works) {
    const { wallNs, cpuNs } = least.get(name) ?? { wallNs: Number.NaN, cpuNs: Number.NaN };
    yield {
      what: `${name}: CPU per event`,
      value: cpuNs,
      unit: "ns",
      ...(name === STRINGIFY ? {} : { ratio: { of: STRINGIFY, value: cpuNs / stringify } }),
      ...(aim === undefined ? {} : { aim }),
    };
    yield {
      what: `${name}: events per second`,
      value: NS_PER_SECOND / wallNs,
      unit: "events/s",
      ...(name === BARE ? {} : { ratio: { of: BARE, value: bare / wallNs } }),
    };
  }
}

async function* single(
  events: readonly SocialInteraction[],
  mock: Mock,
  perCall: Cost | undefined,
): AsyncGenerator<Figure> {
  const some = events.slice(0, SINGLE_EVENTS);
  for (const [name, open, aim] of [
    ["one fetch per event", byFetch, "at least 50 ×"],
    ["one undici request per event", byUndici, undefined],
  ] as const) {
    await mock.begin("none", false);
    const { wallNs } = await costOf(some.length, () =>
      oneRequestPerEvent(open(mock.host), some, SINGLE_PARALLEL),
    );
    yield { what: `${name}: events per second`, value: NS_PER_SECOND / wallNs, unit: "events/s" };
    if (perCall === undefined) continue;
    yield {
      what: "send(event) beside it",
      value: NS_PER_SECOND / perCall.wallNs,
      unit: "events/s",
      ratio: { of: name, value: wallNs / perCall.wallNs },
      ...(aim === undefined ? {} : { aim }),
    };
  }
}

const BYTES_PER_KB = 1_000;

async function* sizes(): AsyncGenerator<Figure> {
  for (const [name, door] of [
    ["bundle for Node", "index.ts"],
    ["bundle for the edge", "index.web.ts"],
  ] as const) {
    const { bytes, gzipped } = await bundleSize(door);
    yield { what: `${name}, minified`, value: bytes / BYTES_PER_KB, unit: "kB" };
    yield { what: `${name}, minified and gzipped`, value: gzipped / BYTES_PER_KB, unit: "kB" };
  }
  yield { what: "run-time dependencies", value: dependencyCount(), unit: "packages" };
}
