import * as z from "zod";
import { parameterTexts } from "./parameters.ts";
import { type CallOptions, type Query, sqlRequest } from "./query.ts";
import { parseOrFault, type QueryResult, readResult } from "./result.ts";

/** Options of `sql`. */
export type SqlOptions<Row> = SqlStreamOptions & {
  /** Checks the rows and gives them their type. */
  readonly row?: z.ZodType<Row>;
};

export type SqlStreamOptions = CallOptions & {
  /** For a query that starts with `%` and names them, as in `{{Int32(limit, 10)}}`. Values never enter the SQL as text. */
  readonly parameters?: Readonly<Record<string, unknown>>;
};

/** Runs a SELECT over the project's data sources and endpoints. */
export type Sql = {
  /** Leave FORMAT out: the answer is JSON. */
  <Row = Record<string, unknown>>(sql: string, options?: SqlOptions<Row>): Promise<QueryResult<Row>>;
  /** The answer in a format of ClickHouse, such as `CSVWithNames`, `JSONEachRow` or `Parquet`. */
  stream(sql: string, format: string, options?: SqlStreamOptions): Promise<ReadableStream<Uint8Array>>;
};

export function sqlFunction(query: Query): Sql {
  const search = (options: SqlStreamOptions) => new URLSearchParams(parameterTexts(options.parameters ?? {}));
  const sql = async <Row>(text: string, options: SqlOptions<Row> = {}) => {
    const answer = await query.json("sql", sqlRequest(text, search(options)), options);
    const result = readResult("sql", answer);
    const rows = z.array(options.row ?? z.record(z.string(), z.unknown()));
    // Without a `row` schema, `Row` is `Record<string, unknown>` unless the caller names another type and vouches for it.
    return { ...result, data: parseOrFault(rows, result.data, "sql", "data") } as QueryResult<Row>;
  };
  const stream: Sql["stream"] = (text, format, options = {}) =>
    query.stream("sql", sqlRequest(text, search(options), format), options);
  return Object.assign(sql, { stream });
}
