import { createHash } from "node:crypto";
import { appendFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { isRecord, parseJson } from "../json.ts";
import { resolveTarget, type Target, type TargetOptions, unreachable } from "../server/target.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { note, print } from "../terminal/output.ts";
import { serverSentence } from "./query.ts";

type Options = TargetOptions & {
  readonly user: string;
  readonly audit: string;
  readonly dryRun?: boolean;
};

/** Milliseconds between two looks at a job. */
const POLL_MS = 250;

const EXAMPLES = `
Removes every row of a user from every data source that has a column user_id, and from their quarantines, then counts again: the
command fails unless nothing is left. What stays: counts and sketches of users in the rollups, from which no id can be read.

Examples:
  npm run cli -- erase --user user_789 --dry-run     (what would be removed)
  npm run cli -- erase --user user_789
`;

export function registerErase(program: Command): void {
  program
    .command("erase")
    .description("Remove one user from every table, verify it, and note it in an audit file")
    .requiredOption("--user <id>", "the user_id, exactly as it was sent")
    .option("--dry-run", "count what would be removed, remove nothing")
    .option("--audit <file>", "file that gets one line an erasure", "erasures.ndjson")
    .option("--host <url>", "server (default: TB_HOST, else the local one)")
    .option("--token <token>", "admin token (default: TB_TOKEN, else the local server's own)")
    .addHelpText("after", EXAMPLES)
    .action(async (options: Options) => {
      process.exitCode = await erase(options, await resolveTarget(options, process.env));
    });
}

/** What was done, as one line of the audit file: the id only as a hash, so that the file names nobody. */
export interface AuditLine {
  readonly erased_at: string;
  readonly user_sha256: string;
  readonly rows: Readonly<Record<string, number>>;
  readonly remaining_rows: number;
}

/** @returns the exit code: 1 when rows are left. */
export async function erase(
  options: Options,
  target: Target,
  now: () => Date = () => new Date(),
): Promise<number> {
  const condition = `user_id = ${sqlString(options.user)}`;
  const tables = await tablesWithUsers(target);
  const rows: Record<string, number> = {};
  for (const table of tables) {
    rows[table] = await countOf(target, table, condition);
    if (options.dryRun || rows[table] === 0) continue;
    await deleteFrom(target, table, condition);
  }
  if (options.dryRun) {
    await print(`${JSON.stringify(rows)}\n`);
    return EXIT.fine;
  }
  const left = await Promise.all(tables.map((table) => countOf(target, table, condition)));
  const remaining = left.reduce((sum, n) => sum + n, 0);
  const line: AuditLine = {
    erased_at: now().toISOString(),
    user_sha256: createHash("sha256").update(options.user).digest("hex"),
    rows,
    remaining_rows: remaining,
  };
  await appendFile(options.audit, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  await print(`${JSON.stringify(line)}\n`);
  if (remaining > 0)
    note("Rows are left: something wrote them meanwhile. Stop its sender and run the command again.");
  return remaining > 0 ? EXIT.failed : EXIT.fine;
}

/** The data sources with a column user_id, and the quarantine of each. */
async function tablesWithUsers(target: Target): Promise<string[]> {
  const answer = await call(target, "/v0/datasources");
  const datasources = isRecord(answer) && Array.isArray(answer.datasources) ? answer.datasources : [];
  const users = datasources.filter(hasUsers);
  if (users.length === 0) throw new Failure(`${target.host} has no data source with a column user_id`);
  // A table that no one sends to has no quarantine of interest, and a server need not have one at all.
  return users.flatMap(({ name, quarantine_rows: rows }) => (rows ? [name, `${name}_quarantine`] : [name]));
}

function hasUsers(datasource: unknown): datasource is { name: string; quarantine_rows?: number } {
  return (
    isRecord(datasource) &&
    typeof datasource.name === "string" &&
    Array.isArray(datasource.columns) &&
    datasource.columns.some((column) => isRecord(column) && column.name === "user_id")
  );
}

async function countOf(target: Target, table: string, condition: string): Promise<number> {
  const answer = await post(target, table, { delete_condition: condition, dry_run: "true" });
  const rows = isRecord(answer) ? Number(answer.rows_to_be_deleted) : Number.NaN;
  if (!Number.isInteger(rows))
    throw new Failure(`${target.host} did not say how many rows of ${table} there are`);
  return rows;
}

/** Deletes and waits for the end of the job. */
async function deleteFrom(target: Target, table: string, condition: string): Promise<void> {
  const started = await post(target, table, { delete_condition: condition });
  const id = isRecord(started) ? (started.job_id ?? started.id) : undefined;
  if (typeof id !== "string") throw new Failure(`${target.host} started no job for ${table}`);
  for (;;) {
    const job = await call(target, `/v0/jobs/${id}`);
    const status = isRecord(job) ? job.status : undefined;
    if (status === "done") return;
    if (status === "error" || status === "cancelled") {
      throw new Failure(
        `Erasing from ${table} failed: ${isRecord(job) ? String(job.error) : "no reason given"}`,
      );
    }
    await sleep(POLL_MS);
  }
}

function post(target: Target, table: string, form: Readonly<Record<string, string>>): Promise<unknown> {
  const path = `/v0/datasources/${encodeURIComponent(table)}/delete`;
  return call(target, path, { method: "POST", body: new URLSearchParams(form) });
}

async function call(target: Target, path: string, init: RequestInit = {}): Promise<unknown> {
  const headers = { Authorization: `Bearer ${target.token}` };
  const response = await fetch(target.host + path, { ...init, headers }).catch((cause: unknown) => {
    throw unreachable(target.host, cause);
  });
  const text = await response.text();
  if (!response.ok) throw new Failure(serverSentence(text, response.status));
  return parseJson(text);
}

/** A value as a ClickHouse string. */
function sqlString(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
