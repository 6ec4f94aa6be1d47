import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { literal } from "../engine/literal.ts";
import { SERVICE_TABLES, type ServiceTableName, serviceTable, structureOf } from "./service-tables.ts";

/** Milliseconds that rows wait for others, so that a busy server does not write a part for each request. */
const FLUSH_MS = 1_000;

/** Rows of one table that wait. Beyond, the oldest are dropped: figures must not cost the server its memory. */
const MAX_WAITING_ROWS = 10_000;

/** Values by column; those that are left out are empty or 0. */
export type ServiceRow = Readonly<Record<string, unknown>>;

interface Waiting {
  readonly database: string;
  readonly table: ServiceTableName;
  readonly rows: ServiceRow[];
}

/** Writes rows of service tables beside the work that they tell of: nobody waits for them, and a failure harms nobody. */
export class ServiceLog {
  private readonly engine: Engine;
  private readonly folder: string;
  private readonly waiting = new Map<string, Waiting>();
  private timer: NodeJS.Timeout | null = null;
  private flushing: Promise<void> = Promise.resolve();
  /** Rows that were dropped because they came faster than they could be written. */
  dropped = 0;

  constructor(engine: Engine, folder: string) {
    this.engine = engine;
    this.folder = folder;
  }

  record(database: string, table: ServiceTableName, row: ServiceRow): void {
    const key = `${database} ${table}`;
    const waiting = this.waiting.get(key) ?? { database, table, rows: [] };
    this.waiting.set(key, waiting);
    waiting.rows.push(row);
    if (waiting.rows.length > MAX_WAITING_ROWS) {
      waiting.rows.shift();
      this.dropped += 1;
    }
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Writes what waits. Never rejects. */
  flush(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const all = [...this.waiting.values()];
    this.waiting.clear();
    this.flushing = this.flushing.then(async () => {
      for (const each of all) await this.write(each).catch(() => undefined);
    });
    return this.flushing;
  }

  private async write({ database, table, rows }: Waiting): Promise<void> {
    const { columns } = SERVICE_TABLES[table];
    const path = join(this.folder, `${randomUUID()}.service`);
    await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    try {
      await this.engine.command(`
INSERT INTO ${serviceTable(database, table)}
SELECT *
FROM file(${literal(path)}, 'JSONEachRow', ${literal(structureOf(columns))})`);
    } finally {
      await rm(path, { force: true });
    }
  }
}
