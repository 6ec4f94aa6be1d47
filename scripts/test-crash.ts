/** Kills the server, or only its engine, at random moments under load, and counts what became of acknowledged rows. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { crashRows, writeCrashProject } from "./crash/project.ts";
import { adminToken, type KillableServer, startServer } from "./server/process.ts";

const KILLS = 20;
const SENDERS = 8;
const MAX_ROWS = 10;
/** Milliseconds under load before a kill: from the first post to several segments. */
const UNTIL_KILL_MS = { least: 50, most: 900 } as const;

interface Outcome {
  readonly acknowledged: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly viewDiffers: number;
  readonly startsMs: readonly number[];
}

/** The server that runs now. */
let current: KillableServer | null = null;

/** Acknowledged ids, by all senders over all kills. */
const acknowledged = new Set<string>();
let posts = 0;

/** Posts until the server is gone, or until told. Ids are never sent twice, so a duplicate is the server's. */
async function sender(number: number, url: string, token: string, until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    posts += 1;
    const { ids, body } = crashRows(number, posts, 1 + (posts % MAX_ROWS));
    try {
      const response = await fetch(`${url}/v0/events?name=events`, {
        method: "POST",
        body,
        headers: { authorization: `Bearer ${token}` },
      });
      await response.text();
      if (response.ok) for (const id of ids) acknowledged.add(id);
    } catch {
      return;
    }
  }
}

async function underLoad(server: KillableServer, kill: () => void | Promise<void>): Promise<void> {
  const token = await adminToken(server.url);
  const stop = new AbortController();
  const senders = Array.from({ length: SENDERS }, (_, i) => sender(i, server.url, token, stop.signal));
  await sleep(UNTIL_KILL_MS.least + Math.random() * (UNTIL_KILL_MS.most - UNTIL_KILL_MS.least));
  await kill();
  // Senders go on while the engine starts again.
  await sleep(100);
  stop.abort();
  await Promise.all(senders);
}

async function start(dataDir: string, project: string): Promise<KillableServer> {
  current = await startServer(dataDir, project);
  return current;
}

async function killingServer(dataDir: string, project: string): Promise<Outcome> {
  const startsMs: number[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const server = await start(dataDir, project);
    startsMs.push(server.startMs);
    await underLoad(server, () => server.kill());
  }
  const server = await start(dataDir, project);
  startsMs.push(server.startMs);
  return finish(server, startsMs);
}

async function killingEngine(dataDir: string, project: string): Promise<Outcome> {
  const server = await start(dataDir, project);
  for (let kill = 0; kill < KILLS; kill++) await underLoad(server, () => server.killEngine());
  return finish(server, [server.startMs]);
}

/** Counts after an orderly end and a start, so that all that was acknowledged has been written. */
async function finish(server: KillableServer, startsMs: readonly number[]): Promise<Outcome> {
  const token = await adminToken(server.url);
  const sql = async (q: string) => {
    const response = await fetch(`${server.url}/v0/sql`, {
      method: "POST",
      body: q,
      headers: { authorization: `Bearer ${token}` },
    });
    return response.text();
  };
  // A post that waits is written after all that was acknowledged before it.
  await fetch(`${server.url}/v0/events?name=events&wait=true`, {
    method: "POST",
    body: crashRows(0, ++posts, 1).body,
    headers: { authorization: `Bearer ${token}` },
  });
  const text = await sql("SELECT id FROM events FORMAT TSV");
  const ids = text.split("\n").filter((line) => line !== "");
  const present = new Set(ids);
  const views = await sql(`SELECT count()
FROM (SELECT sender, count() AS rows, sum(n) AS total FROM events GROUP BY sender) AS source
FULL JOIN (SELECT sender, sum(rows) AS rows, sum(total) AS total FROM totals GROUP BY sender) AS view USING (sender)
WHERE source.rows != view.rows OR source.total != view.total FORMAT TSV`);
  await server.stop();
  return {
    acknowledged: acknowledged.size,
    lost: [...acknowledged].filter((id) => !present.has(id)).length,
    duplicated: ids.length - present.size,
    viewDiffers: Number(views),
    startsMs,
  };
}

async function run(title: string, work: typeof killingServer): Promise<boolean> {
  acknowledged.clear();
  const folder = mkdtempSync(join(tmpdir(), "test-crash-"));
  try {
    writeCrashProject(join(folder, "project"));
    const outcome = await work(join(folder, "data"), join(folder, "project"));
    const sorted = outcome.startsMs.toSorted((a, b) => a - b);
    const median = Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
    console.log(
      `${title}: ${outcome.acknowledged} rows acknowledged, ${outcome.lost} lost, ${outcome.duplicated} duplicated, ` +
        `${outcome.viewDiffers} of ${SENDERS} view rows differ; open again in ${median} ms (median), ${Math.round(sorted.at(-1) ?? 0)} ms (longest)`,
    );
    return outcome.acknowledged > 0 && outcome.lost + outcome.duplicated + outcome.viewDiffers === 0;
  } finally {
    await current?.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

const results = [
  await run(`${KILLS} times kill -9 of the server`, killingServer),
  await run(`${KILLS} times kill -9 of the engine`, killingEngine),
];
const failed = results.filter((passed) => !passed).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
