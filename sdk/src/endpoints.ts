import { z } from "zod";
import { type CallContext, call, parseJson } from "./call.ts";
import { toDateTime } from "./date-time.ts";
import { fault, InvalidParameterError, type Issue } from "./errors.ts";
import { issuesOf } from "./issues.ts";
import type { HttpAnswer, HttpRequest } from "./transport.ts";

/** One entry of `endpoints` in `schema.ts`. */
export type Endpoint = {
  readonly name: string;
  readonly parameters: z.ZodObject;
  readonly row: z.ZodObject;
};

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

export type CallOptions = {
  /** Ends the call; its reason is thrown. */
  readonly signal?: AbortSignal;
};

/**
 * Calls one endpoint. Parameters that are undefined are not sent, so the endpoint's defaults hold.
 *
 * @throws InvalidParameterError before any request; ServiceError, SdkError after the last attempt.
 */
export type EndpointFunction<E extends Endpoint> = (
  parameters?: z.input<E["parameters"]>,
  options?: CallOptions,
) => Promise<QueryResult<z.output<E["row"]>>>;

/** Runs a request under the rules for queries; returns the JSON of the answer. */
export type Query = (request: HttpRequest, options: CallOptions | undefined) => Promise<unknown>;

/** An answer is wanted now: queries are tried less often, and for less long, than events. */
const QUERY_ATTEMPTS = 3;
const QUERY_ELAPSED_MS = 30_000;

/** Binds queries to a client. `closing` ends those that are under way. */
export function queries(context: CallContext, closing: AbortSignal): Query {
  const { retry } = context;
  const limits = {
    ...retry,
    maxAttempts: Math.min(retry.maxAttempts, QUERY_ATTEMPTS),
    maxElapsedMs: Math.min(retry.maxElapsedMs, QUERY_ELAPSED_MS),
  };
  return async (request, options) => {
    closing.throwIfAborted();
    const signal = options?.signal === undefined ? closing : AbortSignal.any([closing, options.signal]);
    const result = await call(request, readJson, { ...context, retry: limits }, signal);
    if (!result.ok) throw result.error;
    return result.value;
  };
}

/**
 * The function of one endpoint, without its types.
 *
 * @param validate False: parameters are sent and rows returned as they are.
 */
export function endpointFunction(
  endpoint: Endpoint,
  validate: boolean,
  query: Query,
): EndpointFunction<Endpoint> {
  const rows = z.array(validate ? endpoint.row.loose() : z.looseObject({}));
  return async (parameters = {}, options) => {
    const search = searchParams(validate ? checked(endpoint, parameters) : parameters).toString();
    const path = `/v0/pipes/${endpoint.name}.json${search === "" ? "" : `?${search}`}`;
    return readResult(endpoint.name, rows, await query({ method: "GET", path }, options));
  };
}

/** Options of `sql`. */
export type SqlOptions<Row> = CallOptions & {
  /** Checks the rows and gives them their type. */
  readonly row?: z.ZodType<Row>;
};

/** Runs a SELECT over the project's data sources and endpoints. The format is JSON; leave FORMAT out. */
export type Sql = <Row = Record<string, unknown>>(
  sql: string,
  options?: SqlOptions<Row>,
) => Promise<QueryResult<Row>>;

export function sqlFunction(query: Query): Sql {
  return async <Row>(sql: string, options?: SqlOptions<Row>) => {
    const rows = z.array(options?.row ?? z.record(z.string(), z.unknown()));
    const request = {
      method: "POST",
      path: "/v0/sql",
      headers: { "content-type": "text/plain" },
      body: Buffer.from(asJson(sql)),
    } as const;
    // Without a `row` schema, `Row` is `Record<string, unknown>` unless the caller names another type and vouches for it.
    return readResult("sql", rows, await query(request, options)) as QueryResult<Row>;
  };
}

/** FORMAT stands on a line of its own: the SQL may end in a comment. */
const asJson = (sql: string): string => `${sql.trim().replace(/;+$/, "")}\nFORMAT JSON`;

function checked(endpoint: Endpoint, parameters: unknown): Record<string, unknown> {
  const result = endpoint.parameters.safeParse(parameters);
  if (result.success) return result.data;
  const known = Object.keys(endpoint.parameters.shape);
  throw new InvalidParameterError(endpoint.name, issuesOf(result.error, parameters, "parameters", known));
}

/** A list becomes one parameter of comma-separated values, as the service's Array parameters are read. */
function searchParams(parameters: Record<string, unknown>): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) search.set(name, printParameter(value));
  }
  return search;
}

const printParameter = (value: unknown): string =>
  value instanceof Date ? (toDateTime(value) ?? String(value)) : String(value);

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

/** Another text than JSON comes from something between us and the service, so it is asked again. */
function readJson({ status, text }: HttpAnswer): unknown {
  const value = parseJson(text);
  if (value === undefined) throw fault("UNEXPECTED_ANSWER", [`status ${status} to a query, without JSON`]);
  return value;
}

function readResult<Rows extends z.ZodType>(name: string, rows: Rows, value: unknown) {
  const result = parseOrFault(envelope, value, name, "answer");
  return { ...result, data: parseOrFault(rows, result.data, name, "data") };
}

function parseOrFault<S extends z.ZodType>(
  schema: S,
  value: unknown,
  name: string,
  whole: string,
): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue]: readonly Issue[] = issuesOf(result.error, value, whole, []);
  if (issue === undefined) throw result.error;
  const { field, expected, received } = issue;
  throw fault("UNEXPECTED_ANSWER", [`${name}: ${field}: expected ${expected}, got ${received}`]);
}
