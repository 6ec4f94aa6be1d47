import { fault } from "../errors.ts";

/** A format that a path may end in, in ClickHouse's and in HTTP's words. */
interface Format {
  readonly engine: string;
  readonly contentType: string;
}

const JSON_TYPE = "application/json; charset=UTF-8";
const CSV_TYPE = "text/csv; charset=utf-8";
/** With a charset: test results are compared as text, and HTTP libraries guess when none is given. */
const NDJSON_TYPE = "application/x-ndjson; charset=utf-8";
const PARQUET_TYPE = "application/vnd.apache.parquet";
const TSV_TYPE = "text/tab-separated-values; charset=utf-8";
const TEXT_TYPE = "text/plain; charset=utf-8";

/** By the suffix of an endpoint's path. */
const SUFFIXES: ReadonlyMap<string, Format> = new Map([
  ["json", { engine: "JSON", contentType: JSON_TYPE }],
  ["ndjson", { engine: "JSONEachRow", contentType: NDJSON_TYPE }],
  ["csv", { engine: "CSVWithNames", contentType: CSV_TYPE }],
  ["parquet", { engine: "Parquet", contentType: PARQUET_TYPE }],
]);

/** By the name behind FORMAT in a statement. */
const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  ["JSON", JSON_TYPE],
  ["JSONCompact", JSON_TYPE],
  ["JSONEachRow", NDJSON_TYPE],
  ["CSV", CSV_TYPE],
  ["CSVWithNames", CSV_TYPE],
  ["TSV", TSV_TYPE],
  ["TSVWithNames", TSV_TYPE],
  ["TabSeparated", TSV_TYPE],
  ["TabSeparatedWithNames", TSV_TYPE],
  ["Parquet", PARQUET_TYPE],
]);

/** @throws TinybirdError UNKNOWN_FORMAT */
export function formatOfSuffix(suffix: string): Format {
  const format = SUFFIXES.get(suffix);
  if (format === undefined) throw fault("UNKNOWN_FORMAT", suffix, [...SUFFIXES.keys()].join(", "));
  return format;
}

export function contentTypeOf(engineFormat: string): string {
  return CONTENT_TYPES.get(engineFormat) ?? TEXT_TYPE;
}

/** ClickHouse's bytes as an answer. */
export function resultResponse(bytes: Uint8Array, contentType: string): Response {
  return new Response(bytes as Uint8Array<ArrayBuffer>, { headers: { "content-type": contentType } });
}
