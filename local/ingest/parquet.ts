import type { Engine } from "../engine/engine.ts";
import { literal } from "../engine/literal.ts";
import { flatFieldsOf } from "./field.ts";
import { NdjsonReader } from "./ndjson.ts";
import type { IngestTarget, RowReader } from "./writer.ts";

/** Rows of a Parquet file that are read at once: some ten megabytes as NDJSON. */
const ROWS_AT_ONCE = 50_000;

/** Integers with all their digits, moments as Tinybird prints them. */
const SETTINGS = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  output_format_json_quote_denormals: 1,
} as const;

/** The rows of a Parquet file as NDJSON, one key a column. ClickHouse reads it, so every type and codec is known. */
export async function* parquetRows(path: string, engine: Engine): AsyncGenerator<Uint8Array> {
  for (let offset = 0; ; offset += ROWS_AT_ONCE) {
    const { bytes } = await engine.query(
      `SELECT * FROM file(${literal(path)}, 'Parquet') LIMIT ${ROWS_AT_ONCE} OFFSET ${offset}`,
      { settings: SETTINGS },
    );
    if (bytes.length === 0) return;
    yield bytes;
  }
}

/** Columns of the file are matched by their names, whatever the JSON paths of the table are. */
export function parquetReader(target: IngestTarget): RowReader {
  return new NdjsonReader(target, flatFieldsOf(target.columns));
}
