import * as z from "zod";
import { fault } from "../errors.ts";
import { issuesOf } from "../issues.ts";
import { fromDateText } from "../values/date-time.ts";

/** The service's answer to a query. */
export type QueryResult<Row> = {
  readonly data: readonly Row[];
  /** Columns in order, with their ClickHouse types. */
  readonly meta: readonly { readonly name: string; readonly type: string }[];
  /** Rows in `data`. */
  readonly rows: number;
  /** Only for queries with a LIMIT. */
  readonly rows_before_limit_at_least?: number | undefined;
  /** Seconds, rows and bytes that the query took. */
  readonly statistics: {
    readonly elapsed: number;
    readonly rows_read: number;
    readonly bytes_read: number;
  };
};

const envelope = z.looseObject({
  data: z.array(z.unknown(), { error: "an array of rows" }),
  meta: z.array(z.looseObject({ name: z.string(), type: z.string() })),
  rows: z.number(),
  rows_before_limit_at_least: z.number().optional(),
  statistics: z.looseObject({
    elapsed: z.number(),
    rows_read: z.number(),
    bytes_read: z.number(),
  }),
});

/** Checks everything but the rows. Throws SdkError UNEXPECTED_ANSWER. */
export function readResult(name: string, value: unknown): QueryResult<unknown> {
  return parseOrFault(envelope, value, name, "answer");
}

/** Checks a value of an answer; the error names the place: `[3].total_engagement`. Throws SdkError UNEXPECTED_ANSWER. */
export function parseOrFault<S extends z.ZodType>(
  schema: S,
  value: unknown,
  name: string,
  whole: string,
): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = issuesOf(result.error, value, whole, []);
  if (issue === undefined) throw result.error;
  const { field, expected, received } = issue;
  throw fault("UNEXPECTED_ANSWER", [`${name}: ${field}: expected ${expected}, got ${received}`]);
}

/** A row with the text of these columns read as moments. */
export function withDates(row: unknown, columns: readonly string[]): unknown {
  if (typeof row !== "object" || row === null) return row;
  const copy = { ...row } as Record<string, unknown>;
  for (const column of columns) {
    const text = copy[column];
    if (typeof text === "string") copy[column] = fromDateText(text);
  }
  return copy;
}
