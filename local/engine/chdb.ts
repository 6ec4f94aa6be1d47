import { Session } from "chdb";
import { type Engine, EngineError, type QueryOptions, type QueryResult } from "./engine.ts";

/** Sessions that answer queries beside the one that writes: one chdb session runs one statement at a time. */
const READER_SESSIONS = 2;

/** Seconds a query may run, as on Tinybird (its Query API page); ClickHouse then stops it with code 159. */
const MAX_EXECUTION_SECONDS = 10;

/** Bytes a query may hold: the server runs beside the developer's own tools. */
const MAX_QUERY_MEMORY_BYTES = 2_000_000_000;

/** Bytes of a result, as on Tinybird (limits page). */
const MAX_RESULT_BYTES = 100_000_000;

/**
 * What every session starts with.
 * `readonly = 2` is a second lock behind the SQL guard: a reader session refuses everything that writes.
 */
const READER_SETTINGS = {
  // One thread gives rows that tie in ORDER BY a stable order, which recorded test expectations rely on.
  max_threads: 1,
  max_execution_time: MAX_EXECUTION_SECONDS,
  max_memory_usage: MAX_QUERY_MEMORY_BYTES,
  max_result_bytes: MAX_RESULT_BYTES,
  output_format_json_quote_64bit_integers: 0,
  readonly: 2,
} as const;

/** One chdb session with its queue: a statement starts when the one before has ended. */
class Lane {
  private readonly session: Session;
  private tail: Promise<unknown> = Promise.resolve();
  waiting = 0;

  constructor(path: string, settings: Readonly<Record<string, number>>) {
    this.session = new Session(path);
    for (const [name, value] of Object.entries(settings)) this.session.query(`SET ${name} = ${value}`);
  }

  run(sql: string, format: string): Promise<QueryResult> {
    const mine = this.tail.then(() => this.execute(sql, format));
    this.tail = mine.catch(() => undefined);
    this.waiting += 1;
    return mine.finally(() => {
      this.waiting -= 1;
    });
  }

  async close(): Promise<void> {
    await this.tail;
    this.session.close();
  }

  private async execute(sql: string, format: string): Promise<QueryResult> {
    try {
      const result = await this.session.queryAsync(sql, { format });
      return {
        bytes: result.bytes(),
        elapsed: result.elapsed,
        rowsRead: result.rowsRead,
        bytesRead: result.bytesRead,
      };
    } catch (error) {
      throw asEngineError(error);
    }
  }
}

class ChdbEngine implements Engine {
  private readonly writer: Lane;
  private readonly readers: readonly Lane[];
  private closing: Promise<void> | null = null;

  constructor(path: string) {
    this.writer = new Lane(path, {});
    this.readers = Array.from({ length: READER_SESSIONS }, () => new Lane(path, READER_SETTINGS));
  }

  query(sql: string, options: QueryOptions = {}): Promise<QueryResult> {
    const reader = this.readers.reduce((least, lane) => (lane.waiting < least.waiting ? lane : least));
    return reader.run(sql + settingsClause(options.settings), options.format ?? "JSONEachRow");
  }

  async command(sql: string): Promise<void> {
    await this.writer.run(sql, "CSV");
  }

  close(): Promise<void> {
    this.closing ??= Promise.all([this.writer, ...this.readers].map((lane) => lane.close())).then(
      () => undefined,
    );
    return this.closing;
  }
}

/** The clause stands on a line of its own: the statement may end in a comment. */
function settingsClause(settings: QueryOptions["settings"]): string {
  const entries = Object.entries(settings ?? {});
  if (entries.length === 0) return "";
  return `\nSETTINGS ${entries.map(([name, value]) => `${name} = ${value}`).join(", ")}`;
}

function asEngineError(error: unknown): EngineError {
  const message = error instanceof Error ? error.message : String(error);
  const code = (error as { clickhouseCode?: unknown }).clickhouseCode;
  return new EngineError(message, typeof code === "number" ? code : null, { cause: error });
}

/**
 * Opens the data directory in this process.
 * @throws EngineError when another process holds it or it cannot be written.
 */
export function openChdb(path: string): Engine {
  try {
    return new ChdbEngine(path);
  } catch (error) {
    throw asEngineError(error);
  }
}
