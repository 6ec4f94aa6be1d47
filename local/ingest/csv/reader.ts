import { parse } from "csv-parse/sync";
import type { Column } from "../../datafile/index.ts";
import { identifier, literal } from "../../engine/literal.ts";
import type { CanonicalValue, Misfit } from "../canonical.ts";
import { INSERT_SETTINGS } from "../direct.ts";
import { type Field, fieldOf, valueSql } from "../field.ts";
import type { Segment } from "../lines.ts";
import type { SiftedRow } from "../sift.ts";
import type { IngestTarget, RowReader, SegmentFile } from "../writer.ts";
import { listOf } from "./cell-list.ts";
import { type CsvDialect, guessDelimiter } from "./dialect.ts";
import { csvSegments } from "./records.ts";

/** Bytes at the start of a file in which its first line is looked for. */
const HEAD_BYTES = 65_536;

/** Reads rows of a table from CSV: by the names of a header line when there is one, else by position. */
export class CsvReader implements RowReader {
  readonly fields: readonly Field[];
  private readonly table: string;
  private readonly dialect: Required<Pick<CsvDialect, "delimiter">> & CsvDialect;
  private readonly hasHeader: boolean;

  /** @param head the start of the file, which tells delimiter and header */
  constructor(target: IngestTarget, head: Buffer, dialect: CsvDialect = {}) {
    const [firstLine = ""] = head.toString("utf8", 0, HEAD_BYTES).split(/\r?\n/, 1);
    this.dialect = { ...dialect, delimiter: dialect.delimiter ?? guessDelimiter(firstLine) };
    const named = headerColumns(firstCells(firstLine, this.dialect), target.columns);
    this.hasHeader = named !== null;
    this.fields = (named ?? target.columns).map(fieldOf);
    this.table = target.table;
  }

  async *segments(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Segment> {
    let isFirst = this.hasHeader;
    for await (const segment of csvSegments(body, this.dialect.delimiter)) {
      const own = isFirst ? withoutFirstLine(segment) : segment;
      isFirst = false;
      if (own.rows > 0) yield own;
    }
  }

  file(id: string, path: string, segment: Segment): SegmentFile {
    return { id, path, direct: this.direct(), sift: async () => this.sift(segment.bytes) };
  }

  /** ClickHouse reads the file itself and raises at the first cell that does not fit, as for NDJSON. */
  private direct(): SegmentFile["direct"] {
    if (this.dialect.escape !== undefined) return null;
    const columns = this.fields.map((field) => identifier(field.column.name)).join(", ");
    const values = this.fields.map((field, i) => valueSql(field, landedSql(field, i))).join(",\n  ");
    const structure = this.fields.map((_, i) => `${landingName(i)} Nullable(String)`).join(", ");
    return (path, token) => `
INSERT INTO ${this.table} (${columns})
SELECT
  ${values}
FROM file(${literal(path)}, 'CSV', ${literal(structure)})
SETTINGS ${[...INSERT_SETTINGS, ...CSV_SETTINGS].join(", ")},
  format_csv_delimiter = ${literal(this.dialect.delimiter)}, insert_deduplication_token = ${literal(token)}`;
  }

  private sift(bytes: Buffer): SiftedRow[] {
    return cells(bytes, this.dialect).map((row, position) => {
      const read = this.fields.map((field, i) => readCell(field, row[i]));
      const extra: Misfit[] =
        row.length === this.fields.length
          ? []
          : [{ column: null, reason: `expected ${this.fields.length} cells, got ${row.length}` }];
      return {
        line: row.join(this.dialect.delimiter),
        position,
        texts: read.map(({ text }) => text),
        misfits: [...extra, ...read.flatMap(({ misfit }) => misfit ?? [])],
      };
    });
  }
}

const CSV_SETTINGS = [
  "input_format_csv_empty_as_default = 1",
  "input_format_csv_allow_variable_number_of_columns = 0",
  "input_format_csv_trim_whitespaces = 0",
] as const;

function landingName(position: number): string {
  return `landed_${position}`;
}

/** An empty cell is an empty text for a column of texts, and no value for any other. */
function landedSql(field: Field, position: number): string {
  const name = landingName(position);
  if (!field.isList) return isText(field) ? `ifNull(${name}, '')` : name;
  // ClickHouse writes lists in single quotes. One with an escape, or both kinds of quotes, is read cell by cell.
  const isHard = `position(${name}, '\\\\') > 0 OR (position(${name}, '"') > 0 AND position(${name}, '\\'') > 0)`;
  const json = `replaceAll(ifNull(${name}, '[]'), '\\'', '"')`;
  return `JSONExtract(if(throwIf(ifNull(${isHard}, 0)) = 0, ${json}, ''), 'Array(Nullable(String))')`;
}

function isText({ column }: Field): boolean {
  return (
    /^(?:LowCardinality\()?(?:String|FixedString)/.test(column.type) &&
    !column.nullable &&
    column.defaultExpression === null
  );
}

function readCell(field: Field, cell: string | undefined): { text: CanonicalValue; misfit?: Misfit } {
  const { column } = field;
  if (field.isList) {
    const list = listOf(cell ?? "");
    if (list !== null) return { text: list };
    return { text: cell ?? null, misfit: { column: column.name, reason: `value '${cell}' is not an array` } };
  }
  if (cell !== undefined && cell !== "" && cell !== NULL_CELL) return { text: cell };
  if (isText(field) && cell === "") return { text: "" };
  if (column.nullable || column.defaultExpression !== null) return { text: null };
  return {
    text: cell ?? null,
    misfit: {
      column: column.name,
      reason: `value '${cell ?? ""}' on column '${column.name}' is not ${column.type}`,
    },
  };
}

/** How ClickHouse writes NULL in CSV. */
const NULL_CELL = "\\N";

function cells(text: string | Buffer, dialect: CsvDialect): string[][] {
  return parse(text, {
    delimiter: dialect.delimiter ?? ",",
    escape: dialect.escape ?? '"',
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
}

/** The cells of the first line; none when a quote goes on behind it, as no header does. */
function firstCells(line: string, dialect: CsvDialect): readonly string[] {
  try {
    return cells(line, dialect)[0] ?? [];
  } catch {
    return [];
  }
}

/** The columns that a header line names, in its order; null when the line is no header. */
function headerColumns(names: readonly string[], columns: readonly Column[]): Column[] | null {
  const known = new Map(columns.map((column) => [column.name, column]));
  const found = names.flatMap((name) => known.get(name.trim()) ?? []);
  return found.length > 0 && found.length === names.length ? found : null;
}

function withoutFirstLine(segment: Segment): Segment {
  const bytes = segment.bytes.subarray(segment.bytes.indexOf(0x0a) + 1 || segment.bytes.length);
  return { ...segment, bytes, rows: segment.rows - 1 };
}
