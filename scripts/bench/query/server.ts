import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type DatafileSource, type LocalServer, readProject, startLocal } from "tb-embedded";
import { AS_OF } from "./calls.ts";

const ROOT = join(import.meta.dirname, "../../..");
/** Datafiles that a floor without rollups needs. */
const LANDING = /^datasources\/social_interactions\.datasource$/;
/** Rows of one statement: a few blocks of ClickHouse, and short enough to watch. */
const CHUNK_ROWS = 2_000_000;

/** A server of the benchmark's own, with calls of its API. */
export interface BenchServer {
  /** Puts the project in place, or with `landingOnly` just the table that rows are sent to. */
  build(landingOnly: boolean): Promise<void>;
  /** Makes rows `from` to `from + count` of `total`. */
  load(from: number, count: number, total: number): Promise<void>;
  /** Runs a copy pipe. */
  copy(pipe: string, params?: Readonly<Record<string, string>>): Promise<void>;
  truncate(datasource: string): Promise<void>;
  ask(pipe: string, params: Readonly<Record<string, string>>): Promise<Asked>;
  /** Rows of a statement. */
  sql<Row>(statement: string): Promise<Row[]>;
  /** Bytes on disk by data source. */
  bytes(): Promise<ReadonlyMap<string, number>>;
  close(): Promise<void>;
}

/** One answer; `text` is its data without the statistics. */
export interface Asked {
  readonly milliseconds: number;
  readonly rowsRead: number;
  readonly text: string;
  /** What the server said instead of an answer. */
  readonly error: string | null;
}

export async function startBench(): Promise<BenchServer> {
  const server = await startLocal({ port: 0 });
  const call = (path: string, init: RequestInit = {}) => callOf(server, path, init);
  const copy: BenchServer["copy"] = async (pipe, params = {}) => {
    const { job } = await json<{ job: { job_id: string } }>(
      await call(`/v0/pipes/${pipe}/copy?${new URLSearchParams({ as_of: AS_OF, ...params })}`, {
        method: "POST",
      }),
    );
    await ended(call, job.job_id);
  };
  return {
    build: (landingOnly) => build(call, landingOnly),
    async load(from, count, total) {
      for (let at = from; at < from + count; at += CHUNK_ROWS) {
        const rows = Math.min(CHUNK_ROWS, from + count - at);
        await copy("rows", { first: String(at), count: String(rows), total: String(total) });
      }
    },
    copy,
    truncate: async (datasource) => {
      await call(`/v0/datasources/${datasource}/truncate`, { method: "POST" });
    },
    ask: (pipe, params) => ask(call, pipe, params),
    async sql<Row>(statement: string) {
      return (
        await json<{ data: Row[] }>(await call(`/v0/sql?q=${encodeURIComponent(`${statement} FORMAT JSON`)}`))
      ).data;
    },
    async bytes() {
      const { datasources } = await json<{ datasources: { name: string; statistics: { bytes: number } }[] }>(
        await call("/v0/datasources"),
      );
      return new Map(datasources.map(({ name, statistics }) => [name, statistics.bytes]));
    },
    close: () => server.close(),
  };
}

type CallServer = (path: string, init?: RequestInit) => Promise<Response>;

function callOf(server: LocalServer, path: string, init: RequestInit): Promise<Response> {
  const authorization = `Bearer ${server.tokens.workspace_admin_token}`;
  return fetch(server.url + path, { ...init, headers: { authorization } });
}

async function build(call: CallServer, landingOnly: boolean): Promise<void> {
  const files = (await readProject(ROOT)).filter(({ path }) => !landingOnly || LANDING.test(path));
  const rows = await readFile(join(import.meta.dirname, "rows.pipe"), "utf8");
  const body = new FormData();
  for (const { path, content } of [
    ...files,
    { path: "copies/rows.pipe", content: rows },
  ] as DatafileSource[]) {
    body.append("data_project://", new File([content], path, { type: "text/plain" }), path);
  }
  await json(await call("/v1/build", { method: "POST", body }));
}

async function ended(call: CallServer, id: string): Promise<void> {
  const job = await json<{ status: string; error?: string }>(await call(`/v0/jobs/${id}`));
  if (job.status === "done") return;
  if (job.status === "error") throw new Error(`A copy failed: ${job.error}`);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await ended(call, id);
}

async function ask(call: CallServer, pipe: string, params: Readonly<Record<string, string>>): Promise<Asked> {
  const search = new URLSearchParams({ as_of: AS_OF, ...params });
  const start = performance.now();
  const response = await call(`/v0/pipes/${pipe}.json?${search}`);
  const body = (await response.json()) as {
    data?: unknown;
    statistics?: { rows_read: number };
    error?: string;
  };
  return {
    milliseconds: performance.now() - start,
    rowsRead: body.statistics?.rows_read ?? 0,
    text: JSON.stringify(body.data),
    error: response.ok ? null : (body.error ?? String(response.status)),
  };
}

async function json<Body>(response: Response): Promise<Body> {
  const text = await response.text();
  if (!response.ok)
    throw new Error(`${new URL(response.url).pathname} answered ${response.status}: ${text.slice(0, 500)}`);
  return JSON.parse(text) as Body;
}
