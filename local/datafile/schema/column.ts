/** One column of a data source. */
export interface Column {
  readonly name: string;
  /** The ClickHouse type as written, without an outer Nullable; empty when the DEFAULT expression gives the type. */
  readonly type: string;
  readonly nullable: boolean;
  /** The text after `json:`, unchecked (`$.author.id`); null for a column that is not read from JSON. */
  readonly jsonPath: string | null;
  /** SQL; null without DEFAULT, and for `DEFAULT NULL` of a nullable column. */
  readonly defaultExpression: string | null;
  /** The codecs without CODEC and its parentheses: `Delta(8), ZSTD(3)`. */
  readonly codec: string | null;
  /** 1-based line of the column's name in the file. */
  readonly line: number;
}

/** The column's type with Nullable, as ClickHouse takes it; empty when the DEFAULT expression gives the type. */
export function columnType({ type, nullable }: Column): string {
  if (!nullable) return type;
  // ClickHouse refuses Nullable around this one and takes it inside.
  const simple = /^(SimpleAggregateFunction\([^,]*,\s*)(.*)\)$/s.exec(type);
  return simple === null ? `Nullable(${type})` : `${simple[1]}Nullable(${simple[2]}))`;
}

/** The column as CREATE TABLE wants it: `` `name` type [DEFAULT …] [CODEC(…)] ``. */
export function columnSql(column: Column): string {
  const parts = [quoteName(column.name)];
  const type = columnType(column);
  if (type !== "") parts.push(type);
  if (column.defaultExpression !== null) parts.push(`DEFAULT ${column.defaultExpression}`);
  if (column.codec !== null) parts.push(`CODEC(${column.codec})`);
  return parts.join(" ");
}

function quoteName(name: string): string {
  return `\`${name.replace(/[\\`]/g, "\\$&")}\``;
}
