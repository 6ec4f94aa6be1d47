import { randomBytes } from "node:crypto";
import { drainPending, Session } from "chdb";
import { fault } from "../errors.ts";
import {
  type CommandOptions,
  type Engine,
  EngineError,
  type QueryOptions,
  type QueryResult,
} from "./engine.ts";
import { Lane } from "./lane.ts";
import { literal } from "./literal.ts";
import { READER_SESSIONS } from "./sessions.ts";

/** Seconds a query may run, as on Tinybird (its Query API page); ClickHouse then stops it with code 159. */
const MAX_EXECUTION_SECONDS = 10;

/** Bytes a query may hold: the server runs beside the developer's own tools. */
const MAX_QUERY_MEMORY_BYTES = 1_500_000_000;

/** Bytes an insert or a change of a table may hold. Segments are small; a copy may aggregate much. */
const MAX_COMMAND_MEMORY_BYTES = 1_500_000_000;

/** Bytes of an aggregation or a sort that stay in memory; beyond, they go to the disk. A third of the limit: merging takes as much again. */
const SPILL_BYTES = 500_000_000;

/** Bytes that all statements may hold together; ClickHouse's own default is 90 % of the machine. */
const MAX_ENGINE_MEMORY_BYTES = 2_200_000_000;

/** Bytes of a result, as on Tinybird (limits page). */
const MAX_RESULT_BYTES = 100_000_000;

const DEFAULT_FORMAT = "JSONEachRow";

const CONNECTION_ARGUMENTS = [`--max_server_memory_usage=${MAX_ENGINE_MEMORY_BYTES}`];

/**
 * What every session that answers queries starts with.
 * `readonly = 2` is a second lock behind the SQL guard: a reader session refuses everything that writes.
 */
const READER_SETTINGS = {
  // One thread gives rows that tie in ORDER BY a stable order, which recorded test expectations rely on.
  max_threads: 1,
  max_execution_time: MAX_EXECUTION_SECONDS,
  max_memory_usage: MAX_QUERY_MEMORY_BYTES,
  max_result_bytes: MAX_RESULT_BYTES,
  output_format_json_quote_64bit_integers: 0,
  // Compiling an expression at its third use makes that answer take up to twice as long, and brought later ones nothing measurable.
  compile_expressions: 0,
  compile_aggregate_expressions: 0,
  compile_sort_description: 0,
  readonly: 2,
} as const;

/** A copy over months goes on, slower, where it would not fit. */
const WRITER_SETTINGS = {
  max_memory_usage: MAX_COMMAND_MEMORY_BYTES,
  max_bytes_before_external_group_by: SPILL_BYTES,
  max_bytes_before_external_sort: SPILL_BYTES,
} as const;

/** One chdb session and its queue. */
class SessionLane extends Lane {
  private readonly session: Session;

  constructor(path: string, settings: Readonly<Record<string, number>>) {
    super();
    this.session = new Session(path, { connectionArgs: CONNECTION_ARGUMENTS });
    for (const [name, value] of Object.entries(settings)) this.session.query(`SET ${name} = ${value}`);
  }

  async execute(sql: string, format: string): Promise<QueryResult> {
    try {
      const result = await this.session.queryAsync(sql, { format });
      // What chdb calls rows read are the rows of the result.
      return { bytes: result.bytes(), elapsed: result.elapsed, rows: result.rowsRead };
    } catch (error) {
      throw asEngineError(error);
    }
  }

  /**
   * By a temporary table, because ClickHouse's own DESCRIBE of a SELECT runs its scalar subqueries, which may be most of the work.
   * It still has its say where no table can have such columns, and on what is wrong.
   */
  async describe(select: string): Promise<QueryResult> {
    try {
      await this.execute(`CREATE OR REPLACE TEMPORARY TABLE described EMPTY AS ${select}`, DEFAULT_FORMAT);
    } catch {
      return this.execute(`DESCRIBE (${select}\n)`, DEFAULT_FORMAT);
    }
    return this.execute("DESCRIBE TABLE described", DEFAULT_FORMAT);
  }

  async close(): Promise<void> {
    await this.drained();
    this.session.close();
  }
}

class ChdbEngine implements Engine {
  private readonly writer: SessionLane;
  private readonly readers: readonly SessionLane[];
  /** Ends statements of the others: a session that runs one cannot take another. */
  private readonly killer: SessionLane;
  private closing: Promise<void> | null = null;

  constructor(path: string) {
    this.writer = new SessionLane(path, WRITER_SETTINGS);
    this.readers = Array.from({ length: READER_SESSIONS }, () => new SessionLane(path, READER_SETTINGS));
    this.killer = new SessionLane(path, {});
  }

  query(sql: string, options: QueryOptions = {}): Promise<QueryResult> {
    const format = options.format ?? DEFAULT_FORMAT;
    return this.run(this.reader(), sql + settingsClause(options.settings), format, options.signal);
  }

  describe(select: string): Promise<QueryResult> {
    const reader = this.reader();
    return reader.run(() => reader.describe(select));
  }

  async command(sql: string, options: CommandOptions = {}): Promise<void> {
    await this.run(this.writer, sql, "CSV", options.signal);
  }

  close(): Promise<void> {
    this.closing ??= Promise.all([this.writer, ...this.readers, this.killer].map((lane) => lane.close()))
      .then(() => drainPending())
      .then(() => undefined);
    return this.closing;
  }

  /** The one that will be free first. */
  private reader(): SessionLane {
    return this.readers.reduce((least, lane) => (lane.waiting < least.waiting ? lane : least));
  }

  /** Runs a statement in its lane. An abort kills it: chdb's own signal only stops waiting for it. */
  private run(lane: SessionLane, sql: string, format: string, signal?: AbortSignal): Promise<QueryResult> {
    return lane.run(async () => {
      if (signal === undefined) return lane.execute(sql, format);
      const mark = `/* ${randomBytes(8).toString("hex")} */`;
      const kill = () => void this.kill(mark);
      signal.addEventListener("abort", kill, { once: true });
      try {
        return await lane.execute(`${mark} ${sql}`, format);
      } catch (error) {
        throw signal.aborted ? fault("QUERY_CANCELLED") : error;
      } finally {
        signal.removeEventListener("abort", kill);
      }
    }, signal);
  }

  /** ASYNC, because SYNC never returns here. A statement that has ended meanwhile is nothing to kill. */
  private kill(mark: string): Promise<unknown> {
    const sql = `KILL QUERY WHERE startsWith(query, ${literal(mark)}) ASYNC`;
    return this.killer.run(() => this.killer.execute(sql, "CSV")).catch(() => undefined);
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
