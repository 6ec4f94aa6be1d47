import type { Bench, BenchContext, Figure } from "./bench.ts";
import { percentile, timed } from "./bench.ts";
import { CALLS, type Call } from "./query/calls.ts";
import { type Asked, type BenchServer, startBench } from "./query/server.ts";

const DEFAULT_ROWS = 10_000_000;
/** Rows by which ingestion with and without the other tables is compared. */
const INGESTED_ROWS = 2_000_000;
const REPEATS = 15;
/** Rows are asked less often: they take seconds. */
const RAW_REPEATS = 3;
/** A run counts some ten million rows and 31 days at most; what arrived just before it is counted again by the next one. */
const ROWS_OF_A_RUN = 10_000_000;
const DAYS_OF_A_RUN = 31;
const DAYS = 90;
const MEGABYTE = 1_000_000;

export const bench: Bench = {
  description: "each endpoint over rows of 90 days (default 10 million), from rollups and from rows",
  async *run({ args, signal, note }) {
    const rows = Number(args[0] ?? DEFAULT_ROWS);
    const server = await startBench();
    try {
      yield* ingestion(server, note);
      yield* loading(server, rows, { note, signal });
      yield* disk(server);
      for (const call of CALLS) {
        if (signal.aborted) return;
        yield* measured(server, call);
      }
    } finally {
      await server.close();
    }
  },
};

/** The same rows into the landing table alone, which is the floor, and with the table in order of time behind it. */
async function* ingestion(server: BenchServer, note: BenchContext["note"]): AsyncGenerator<Figure> {
  note(
    `ingestion: ${INGESTED_ROWS.toLocaleString("en")} rows into social_interactions alone, then with all that follows`,
  );
  await server.build(true);
  const floor = await timed(() => server.load(0, INGESTED_ROWS, INGESTED_ROWS));
  await server.truncate("social_interactions");
  await server.build(false);
  const whole = await timed(() => server.load(0, INGESTED_ROWS, INGESTED_ROWS));
  await server.truncate("social_interactions");
  await server.truncate("interactions_by_time");
  yield { what: "ingestion, landing table alone", value: floor, unit: "ms" };
  yield {
    what: "ingestion, with interactions_by_time",
    value: whole,
    unit: "ms",
    ratio: { of: "alone", value: whole / floor },
  };
}

async function* loading(
  server: BenchServer,
  rows: number,
  { note, signal }: Pick<BenchContext, "note" | "signal">,
): AsyncGenerator<Figure> {
  const step = Math.min(rows, 10_000_000);
  let loading = 0;
  for (let at = 0; at < rows && !signal.aborted; at += step) {
    note(`loading ${at.toLocaleString("en")} of ${rows.toLocaleString("en")} rows`);
    loading += await timed(() => server.load(at, Math.min(step, rows - at), rows));
  }
  yield { what: "loading", value: rows / (loading / 1000), unit: "rows/s" };
  for (const copy of ["count_content", "count_activity"]) {
    note(`counting: ${copy}`);
    let counting = 0;
    for (let run = 0; run < runsFor(rows) && !signal.aborted; run++)
      counting += await timed(() => server.copy(copy));
    yield {
      what: `${copy}, all days`,
      value: counting,
      unit: "ms",
      ratio: { of: "loading", value: counting / loading },
    };
  }
}

/** Runs that count all days, with a tenth to spare: days whose rows had just arrived are counted once more. */
function runsFor(rows: number): number {
  return Math.ceil(Math.max(DAYS / DAYS_OF_A_RUN, (1.1 * rows) / ROWS_OF_A_RUN)) + 1;
}

async function* disk(server: BenchServer): AsyncGenerator<Figure> {
  const bytes = await server.bytes();
  const landing = bytes.get("social_interactions") ?? 0;
  yield { what: "disk, social_interactions", value: landing / MEGABYTE, unit: "MB" };
  for (const name of ["interactions_by_time", "content_daily", "activity_rollup"]) {
    const own = bytes.get(name) ?? 0;
    yield {
      what: `disk, ${name}`,
      value: own / MEGABYTE,
      unit: "MB",
      ratio: { of: "social_interactions", value: own / landing },
    };
  }
}

async function* measured(server: BenchServer, call: Call): AsyncGenerator<Figure> {
  const answers = await repeated(REPEATS, () => server.ask(call.pipe, call.params));
  const times = answers.map(({ milliseconds }) => milliseconds);
  const p50 = percentile(times, 0.5);
  const failure = answers.find(({ error }) => error !== null)?.error;
  if (failure !== undefined)
    yield { what: `${call.what}: ${String(failure).slice(0, 60)}`, value: Number.NaN, unit: "ms" };
  const raw = call.isRolledUp ? await fromRows(server, call) : null;
  const floor =
    raw &&
    percentile(
      raw.map(({ milliseconds }) => milliseconds),
      0.5,
    );
  yield {
    what: `${call.what}, p50`,
    value: p50,
    unit: "ms",
    ...(floor !== null && { ratio: { of: "rows", value: p50 / floor } }),
  };
  yield {
    what: `${call.what}, p95`,
    value: percentile(times, 0.95),
    unit: "ms",
    aim: `under ${call.aim} ms`,
  };
  yield { what: `${call.what}, rows read`, value: answers[0]?.rowsRead ?? 0, unit: "rows" };
  if (raw === null || floor === null) return;
  yield { what: `${call.what}, from rows, p50`, value: floor, unit: "ms" };
  yield { what: `${call.what}, from rows, rows read`, value: raw[0]?.rowsRead ?? 0, unit: "rows" };
  yield {
    what: `${call.what}, ${outcome(raw[0], answers[0])}`,
    value: Number(raw[0]?.text === answers[0]?.text),
    unit: "",
  };
}

function outcome(raw: Asked | undefined, rolled: Asked | undefined): string {
  if (raw?.error) return "rows gave no answer";
  return raw?.text === rolled?.text ? "equal to rows" : "DIFFERS from rows";
}

const fromRows = (server: BenchServer, { pipe, params }: Call) =>
  repeated(RAW_REPEATS, () => server.ask(pipe, { ...params, grain: "raw" }));

async function repeated<Result>(times: number, work: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let i = 0; i < times; i++) results.push(await work());
  return results;
}
