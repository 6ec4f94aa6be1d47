import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import { adminToken, type KillableServer, startServer } from "../server/process.ts";
import type { Bench, BenchContext, Figure } from "./bench.ts";
import { postFor } from "./ingest/load.ts";
import { writeBenchProject } from "./ingest/project.ts";
import { ndjsonLine } from "./ingest/rows.ts";

const DEFAULT_SECONDS = 600;
const PROBE_SECONDS = 5;
const CONNECTIONS = 64;
/** Milliseconds between two ticks of the sender, and between two looks at the memory. */
const TICK_MS = 10;
const SAMPLES = 10;

export const bench: Bench = {
  description: "posts at half the highest rate for ten minutes (or so many seconds): memory, errors, counts",
  async *run(context) {
    const folder = mkdtempSync(join(tmpdir(), "bench-soak-"));
    let server: KillableServer | null = null;
    try {
      writeBenchProject(join(folder, "project"));
      server = await startServer(join(folder, "data"), join(folder, "project"));
      yield* soak(server, await adminToken(server.url), Number(context.args[0] ?? DEFAULT_SECONDS), context);
    } finally {
      await server?.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function* soak(
  server: KillableServer,
  token: string,
  seconds: number,
  { signal, note }: BenchContext,
): AsyncGenerator<Figure> {
  const probe = await postFor(server.url, token, {
    seconds: PROBE_SECONDS,
    connections: CONNECTIONS,
    body: ndjsonLine,
    signal,
  });
  const rate = probe.posts / probe.seconds / 2;
  yield { what: "highest rate", value: rate * 2, unit: "posts/s" };
  note(`${Math.round(rate)} posts/s for ${seconds} s`);
  const pool = new Pool(server.url, { connections: CONNECTIONS });
  const path = "/v0/events?name=social_interactions";
  const headers = { authorization: `Bearer ${token}` };
  let [sent, acknowledged, failed, looks] = [0, probe.posts, 0, 0];
  const start = performance.now();
  const flying = new Set<Promise<void>>();
  const post = async (n: number) => {
    try {
      const { statusCode, body } = await pool.request({ path, method: "POST", headers, body: ndjsonLine(n) });
      await body.dump();
      if (statusCode === 202) acknowledged++;
      else failed++;
    } catch {
      failed++;
    }
  };
  for (let at = 0; at < seconds && !signal.aborted; at = (performance.now() - start) / 1_000) {
    for (; sent < at * rate; sent++) {
      const flight: Promise<void> = post(sent).finally(() => flying.delete(flight));
      flying.add(flight);
    }
    if (at >= (looks * seconds) / SAMPLES) {
      looks++;
      yield {
        what: `memory after ${Math.round(at)} s, server and engine`,
        value: residentMb(server),
        unit: "MB",
      };
    }
    await sleep(TICK_MS);
  }
  await Promise.all(flying);
  await pool.close();
  yield { what: "memory at the end", value: residentMb(server), unit: "MB" };
  yield { what: "acknowledged", value: acknowledged, unit: "rows" };
  yield { what: "errors", value: failed + probe.errors, unit: "answers" };
  yield { what: "queryable", value: await countRows(server.url, token), unit: "rows" };
}

function residentMb(server: KillableServer): number {
  const kilobytes = server.pids().map((pid) => {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
  });
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1_000;
}

/** One row more, which waits, is written behind all that were acknowledged; it is not counted. */
async function countRows(url: string, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  const path = `${url}/v0/events?name=social_interactions&wait=true`;
  await fetch(path, { method: "POST", body: ndjsonLine(0), headers });
  const answer = await fetch(`${url}/v0/sql?q=SELECT+count()+FROM+social_interactions`, { headers });
  return Number(await answer.text()) - 1;
}
