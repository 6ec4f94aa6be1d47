import * as z from "zod";
import { fault, ServiceError } from "../errors.ts";
import { parseJson } from "../http/call.ts";
import { linesOf } from "./lines.ts";
import {
  checkedParameters,
  type ParameterTexts,
  parameterIn,
  parameterTexts,
  pipeRequest,
} from "./parameters.ts";
import type { CallOptions, Query } from "./query.ts";
import { parseOrFault, type QueryResult, readResult, withDates } from "./result.ts";

/** One entry of `endpoints` in `schema.generated.ts`. */
export type Endpoint = {
  readonly name: string;
  readonly parameters: z.ZodObject;
  readonly row: z.ZodObject;
  readonly dates: readonly string[];
  readonly cursor?: { readonly parameter: string; readonly column: string };
};

/** How dates and times come in rows. */
export type DateForm = "text" | "date";

/** A row of an endpoint: its date columns as the client's option `dates` says. */
export type RowOf<E extends Endpoint, D extends DateForm> = D extends "date"
  ? WithDates<z.output<E["row"]>, E["dates"][number]>
  : z.output<E["row"]>;

type WithDates<Row, Names> = {
  [K in keyof Row]: K extends Names ? (null extends Row[K] ? Date | null : Date) : Row[K];
};

export type EndpointOptions = CallOptions & {
  /** Check parameters and rows against the schema. Default: the client's option. */
  readonly validate?: boolean;
};

/** The parameters may be left out when none is required. */
type Arguments<E extends Endpoint> =
  Record<never, never> extends z.input<E["parameters"]>
    ? [parameters?: z.input<E["parameters"]>, options?: EndpointOptions]
    : [parameters: z.input<E["parameters"]>, options?: EndpointOptions];

/**
 * Calls one endpoint. Parameters that are undefined are not sent, so the endpoint's defaults hold.
 * Each form throws InvalidParameterError before any request, and ServiceError or SdkError after the last attempt.
 */
export type EndpointFunction<E extends Endpoint, D extends DateForm = "text"> = {
  (...args: Arguments<E>): Promise<QueryResult<RowOf<E, D>>>;
  /** The rows one by one as they come, for answers larger than memory. */
  rows(...args: Arguments<E>): AsyncGenerator<RowOf<E, D>, void>;
  /** The answer as CSV with a header row. */
  csv(...args: Arguments<E>): Promise<ReadableStream<Uint8Array>>;
  /** The answer as one JSON object a line. */
  ndjson(...args: Arguments<E>): Promise<ReadableStream<Uint8Array>>;
  /** The answer as a Parquet file. */
  parquet(...args: Arguments<E>): Promise<ReadableStream<Uint8Array>>;
} & (E extends { readonly cursor: object } ? Pages<E, D> : unknown);

type Pages<E extends Endpoint, D extends DateForm> = {
  /** The rows of all pages, each page asked for when the one before was read. */
  iterate(...args: Arguments<E>): AsyncGenerator<RowOf<E, D>, void>;
};

/** What an endpoint is called with, types apart. */
type Parameters = Readonly<Record<string, unknown>>;

/**
 * The function of one endpoint, without its types.
 *
 * @param validate False: parameters are sent and rows returned as they are.
 */
export function endpointFunction(
  endpoint: Endpoint,
  validate: boolean,
  dates: DateForm,
  query: Query,
): EndpointFunction<Endpoint> {
  const { name, cursor } = endpoint;
  const row = endpoint.row.loose();
  const names = Object.keys(endpoint.parameters.shape);
  const dateColumns = dates === "date" ? endpoint.dates : [];

  const ask = async <T>(
    format: string,
    parameters: Parameters,
    options: EndpointOptions,
    run: (request: ReturnType<typeof pipeRequest>) => Promise<T>,
  ): Promise<T> => {
    const checked = (options.validate ?? validate) ? checkedParameters(endpoint, parameters) : parameters;
    const texts = parameterTexts(checked);
    return run(pipeRequest(name, format, texts)).catch((error: unknown) => {
      throw withParameter(error, names, texts);
    });
  };
  const stream =
    (format: string) =>
    (parameters: Parameters = {}, options: EndpointOptions = {}) =>
      ask(format, parameters, options, (request) => query.stream(name, request, options));
  const readRow = (value: unknown, options: EndpointOptions, place: string) => {
    const checked = (options.validate ?? validate) ? parseOrFault(row, value, name, place) : value;
    return dateColumns.length === 0 ? checked : withDates(checked, dateColumns);
  };

  const json = async (parameters: Parameters = {}, options: EndpointOptions = {}) => {
    const answer = await ask("json", parameters, options, (request) => query.json(name, request, options));
    const result = readResult(name, answer);
    const data =
      (options.validate ?? validate) ? parseOrFault(z.array(row), result.data, name, "data") : result.data;
    return {
      ...result,
      data: dateColumns.length === 0 ? data : data.map((one) => withDates(one, dateColumns)),
    };
  };
  async function* rows(parameters: Parameters = {}, options: EndpointOptions = {}) {
    let line = 0;
    for await (const text of linesOf(await stream("ndjson")(parameters, options), options.signal)) {
      line += 1;
      const place = `row ${line}`;
      yield readRow(jsonOrFault(text, name, place), options, place);
    }
  }
  async function* iterate(parameters: Parameters = {}, options: EndpointOptions = {}) {
    if (cursor === undefined) return;
    let next: unknown = parameters[cursor.parameter];
    for (;;) {
      const { data } = await json({ ...parameters, [cursor.parameter]: next }, options);
      yield* data;
      const last = (data.at(-1) as Parameters | undefined)?.[cursor.column];
      if (last === undefined || last === null || last === "" || last === next) return;
      next = last;
    }
  }
  const formats = { rows, csv: stream("csv"), ndjson: stream("ndjson"), parquet: stream("parquet") };
  // The types of parameters and rows are those of the schema, which `Client` puts in the place of `Endpoint`.
  return Object.assign(
    json,
    formats,
    cursor === undefined ? {} : { iterate },
  ) as unknown as EndpointFunction<Endpoint>;
}

/** The service can only tell an error in the middle of an answer as text among the rows. */
function jsonOrFault(text: string, name: string, place: string): unknown {
  const value = parseJson(text);
  if (value === undefined)
    throw fault("UNEXPECTED_ANSWER", [`${name}: ${place}: expected JSON, got ${text.slice(0, 200)}`]);
  return value;
}

function withParameter(error: unknown, names: readonly string[], texts: ParameterTexts): unknown {
  if (!(error instanceof ServiceError)) return error;
  const parameter = parameterIn(error.serverMessage, names, texts);
  return parameter === undefined ? error : error.about(parameter);
}
