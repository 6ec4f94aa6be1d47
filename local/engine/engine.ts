/** What the other rooms may ask of ClickHouse. Everything that crosses this seam is plain data. */
export interface Engine {
  /**
   * Runs a statement that only reads and returns its bytes in a ClickHouse output format. Bounded in time and memory.
   * @throws EngineError when ClickHouse refuses or stops it.
   * @throws TinybirdError ENGINE_DOWN, OVERLOADED, QUERY_CANCELLED
   */
  query(sql: string, options?: QueryOptions): Promise<QueryResult>;
  /**
   * What DESCRIBE says of a SELECT, a row for each column with its `name` and `type`, without running any of it; but for
   * columns that no table can have, such as two of one name, ClickHouse runs its scalar subqueries to tell.
   * @throws EngineError when ClickHouse refuses the SELECT.
   * @throws TinybirdError ENGINE_DOWN, OVERLOADED
   */
  describe(select: string): Promise<QueryResult>;
  /**
   * Runs a statement that changes something: DDL or an INSERT. One runs at a time, in the order of the calls.
   * @throws EngineError
   * @throws TinybirdError ENGINE_DOWN: nobody knows whether it ran
   */
  command(sql: string, options?: CommandOptions): Promise<void>;
  /** Waits for what is running, then lets go of the data directory. Idempotent. */
  close(): Promise<void>;
}

export interface QueryOptions {
  /** ClickHouse output format. Default `JSONEachRow`. */
  readonly format?: string;
  /** ClickHouse settings for this statement, on top of the engine's limits. */
  readonly settings?: Readonly<Record<string, number | string>>;
  /** Ends the statement when its reader has gone. */
  readonly signal?: AbortSignal;
}

export interface CommandOptions {
  /** Ends the statement; what it wrote before stays. */
  readonly signal?: AbortSignal;
}

export interface QueryResult {
  readonly bytes: Uint8Array;
  /** Seconds spent in the engine. */
  readonly elapsed: number;
  /** Rows of the answer. */
  readonly rows: number;
}

/** ClickHouse refused or stopped a statement; `clickhouseCode` is its number (159 = time limit, 241 = memory limit …). */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly clickhouseCode: number | null;

  constructor(message: string, clickhouseCode: number | null, options?: { cause?: unknown }) {
    super(message, options);
    this.clickhouseCode = clickhouseCode;
  }
}

/**
 * Inserts whose tokens ClickHouse remembers per table, so that a repeated insert is dropped. Measured free of cost.
 * With a window every insert needs a token of its own: without one, two equal inserts become one.
 */
export const DEDUPLICATION_WINDOW = 10_000;

/** The rows of a result in the default format. */
export function rowsOf<Row>(result: QueryResult): Row[] {
  const text = new TextDecoder().decode(result.bytes);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);
}
