/** What the other rooms may ask of ClickHouse. Everything that crosses this seam is plain data. */
export interface Engine {
  /**
   * Runs a statement that only reads and returns its bytes in a ClickHouse output format.
   * @throws EngineError when ClickHouse refuses or stops it.
   */
  query(sql: string, options?: QueryOptions): Promise<QueryResult>;
  /**
   * Runs a statement that changes something: DDL or an INSERT. One runs at a time, in the order of the calls.
   * @throws EngineError
   */
  command(sql: string): Promise<void>;
  /** Waits for what is running, then lets go of the data directory. Idempotent. */
  close(): Promise<void>;
}

export interface QueryOptions {
  /** ClickHouse output format. Default `JSONEachRow`. */
  readonly format?: string;
  /** ClickHouse settings for this statement, on top of the engine's limits. */
  readonly settings?: Readonly<Record<string, number | string>>;
}

export interface QueryResult {
  readonly bytes: Uint8Array;
  /** Seconds spent in the engine. */
  readonly elapsed: number;
  readonly rowsRead: number;
  readonly bytesRead: number;
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
