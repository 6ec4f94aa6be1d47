import { createReadStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pool } from "undici";
import { adminToken, type KillableServer, startServer } from "../server/process.ts";
import { type Bench, type BenchContext, type Figure, median, percentile, timed } from "./bench.ts";
import { PlainInsert } from "./ingest/floor.ts";
import { postFor } from "./ingest/load.ts";
import { writeBenchProject } from "./ingest/project.ts";
import { csvLine, ndjsonLine, writeRows } from "./ingest/rows.ts";

const SECONDS = 5;
const CONNECTIONS = 64;
const FILE_BYTES = 100_000_000;

/** Rows of a post, and over how many connections such posts come. */
const POSTS = [
  [1, CONNECTIONS],
  [10, CONNECTIONS],
  [100, 16],
  [10_000, 4],
] as const;

export const bench: Bench = {
  description: "the Events API and imports, against a plain INSERT of the same bytes",
  async *run(context) {
    const folder = mkdtempSync(join(tmpdir(), "bench-ingest-"));
    const floor = new PlainInsert();
    let server: KillableServer | null = null;
    try {
      writeBenchProject(join(folder, "project"));
      server = await startServer(join(folder, "data"), join(folder, "project"));
      const token = await adminToken(server.url);
      yield { what: "start to listening, from source (tsx)", value: server.startMs, unit: "ms" };
      yield* events(server.url, token, floor, context);
      yield* queries(server.url, token, context);
      yield* files(server.url, token, folder, floor, context);
    } finally {
      await server?.stop();
      floor.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function* events(
  url: string,
  token: string,
  floor: PlainInsert,
  { signal, note }: BenchContext,
): AsyncGenerator<Figure> {
  for (const [rows, connections] of POSTS) {
    if (signal.aborted) return;
    note(`posts of ${rows} rows over ${connections} connections, ${SECONDS} s`);
    const body = (n: number) => {
      let text = "";
      for (let i = 0; i < rows; i++) text += ndjsonLine(n * rows + i);
      return text;
    };
    const bodies = Array.from({ length: Math.max(4, Math.min(256, 20_000 / rows)) }, (_, n) => body(n));
    const plain: number[] = [];
    for (let i = 0; i < 10; i++) plain.push(await floor.insert(bodies[i % bodies.length] ?? ""));
    const plainRate = 1_000 / median(plain);
    const load = await postFor(url, token, {
      seconds: SECONDS,
      connections,
      signal,
      body: (n) => bodies[n % bodies.length] ?? "",
    });
    const rate = load.posts / load.seconds;
    const name = `posts of ${rows} row${rows === 1 ? "" : "s"}`;
    yield { what: `plain insert, ${rows} rows`, value: plainRate, unit: "inserts/s" };
    yield {
      what: name,
      value: rate,
      unit: "posts/s",
      ratio: { of: "plain insert", value: rate / plainRate },
      ...(rows === 1 && { aim: "20,000 posts/s" }),
      ...(rows === 10_000 && { aim: "0.9 of the plain insert" }),
    };
    yield { what: `${name}, time to the answer, median`, value: load.p50, unit: "ms" };
    yield { what: `${name}, time to the answer, 99 %`, value: load.p99, unit: "ms" };
    if (load.errors > 0) yield { what: `${name}, errors`, value: load.errors, unit: "answers" };
    await drained(url, token);
  }
}

/** An endpoint beside posts of 100 rows as fast as they are taken. */
async function* queries(url: string, token: string, { signal, note }: BenchContext): AsyncGenerator<Figure> {
  note("an endpoint, idle and under full ingestion");
  const pool = new Pool(url, { connections: 1 });
  const path = "/v0/pipes/small_endpoint.json";
  const sample = async (seconds: number) => {
    const times: number[] = [];
    const end = performance.now() + seconds * 1_000;
    while (performance.now() < end) {
      times.push(
        await timed(async () => {
          const { body } = await pool.request({
            path,
            method: "GET",
            headers: { authorization: `Bearer ${token}` },
          });
          await body.dump();
        }),
      );
    }
    return percentile(times, 0.99);
  };
  const idle = await sample(3);
  const body = Array.from({ length: 100 }, (_, n) => ndjsonLine(n)).join("");
  const load = postFor(url, token, { seconds: 5, connections: 4, signal, body: () => body });
  const busy = await sample(4);
  await load;
  await pool.close();
  yield { what: "endpoint, idle, 99 %", value: idle, unit: "ms" };
  yield {
    what: "endpoint under full ingestion, 99 %",
    value: busy,
    unit: "ms",
    ratio: { of: "idle", value: busy / idle },
    aim: "at most 5 times idle",
  };
  await drained(url, token);
}

async function* files(
  url: string,
  token: string,
  folder: string,
  floor: PlainInsert,
  { signal, note }: BenchContext,
): AsyncGenerator<Figure> {
  const kinds = [
    ["NDJSON", "ndjson", "JSONEachRow", ndjsonLine],
    ["CSV", "csv", "CSV", csvLine],
  ] as const;
  for (const [title, format, engineFormat, line] of kinds) {
    if (signal.aborted) return;
    const path = join(folder, `rows.${format}`);
    const rows = await writeRows(path, FILE_BYTES, line);
    note(`a ${title} file of ${Math.round(statSync(path).size / 1e6)} MB, ${rows} rows`);
    const plain = rows / ((await floor.insertFile(path, engineFormat)) / 1_000);
    const ms = await timed(() => append(url, token, format, path));
    const rate = rows / (ms / 1_000);
    yield { what: `plain insert of a ${title} file`, value: plain, unit: "rows/s" };
    yield {
      what: `append of a ${title} file`,
      value: rate,
      unit: "rows/s",
      ratio: { of: "plain insert", value: rate / plain },
      aim: "0.9 of the plain insert",
    };
  }
}

async function append(url: string, token: string, format: string, path: string): Promise<void> {
  const pool = new Pool(url, { bodyTimeout: 0, headersTimeout: 0 });
  const { statusCode, body } = await pool.request({
    path: `/v1/datasources/social_interactions/append?format=${format}`,
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-length": String(statSync(path).size) },
    body: createReadStream(path, { highWaterMark: 1_000_000 }),
  });
  const job = (await body.json()) as { status: string; error?: string };
  await pool.close();
  if (statusCode !== 200 || job.status !== "done") throw new Error(`append: ${statusCode} ${job.error}`);
}

/** A post that waits is written after all that were acknowledged before. */
async function drained(url: string, token: string): Promise<void> {
  await fetch(`${url}/v0/events?name=social_interactions&wait=true`, {
    method: "POST",
    body: ndjsonLine(0),
    headers: { authorization: `Bearer ${token}` },
  });
}
