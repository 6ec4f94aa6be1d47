import type { Column, DataType, JsonPath } from "../datafile/index.ts";
import { columnType, parseDataType, parseJsonPath } from "../datafile/index.ts";
import { literal } from "../engine/literal.ts";
import { typeText } from "./type-text.ts";

/** A column whose value comes with the row. */
export interface Field {
  readonly column: Column;
  readonly type: DataType;
  /** The value is an array of scalars; otherwise it is one text, an object or nested array as its JSON. */
  readonly isList: boolean;
}

/** A column that is read from JSON, and where its value stands. */
export interface JsonField extends Field {
  readonly path: JsonPath;
}

/** The fields of a table that are read from JSON; columns without a path are left to their defaults. */
export function jsonFieldsOf(columns: readonly Column[]): JsonField[] {
  return columns.flatMap((column) => {
    const path = column.jsonPath === null ? null : parseJsonPath(column.jsonPath);
    return path === null || !path.ok ? [] : [{ ...fieldOf(column), path: path.path }];
  });
}

/** The same for a file whose rows are objects with one key a column, as those of Parquet are. */
export function flatFieldsOf(columns: readonly Column[]): JsonField[] {
  return columns.map((column) => ({
    ...fieldOf(column),
    path: { text: `$.${column.name}`, steps: [{ kind: "field", name: column.name }] },
  }));
}

export function fieldOf(column: Column): Field {
  const type = parseDataType(column.type);
  const element = elementOf(type);
  return { column, type, isList: element !== null && !isComposite(element) };
}

/**
 * SQL that turns a landed text (`Nullable(String)`, or an array of them for a list) into the column's value.
 * It raises where the text does not fit: nothing is cut, wrapped or zeroed.
 */
export function valueSql(field: Field, landed: string): string {
  const { column, type } = field;
  const fallback = column.defaultExpression;
  if (field.isList) {
    const list = `arrayMap(v -> ${castSql(requiredElement(type), "v")}, ${landed})`;
    return `CAST(${list}, ${literal(columnType(column))})`;
  }
  if (isComposite(type)) {
    const value = `JSONExtract(accurateCast(${landed}, 'String'), ${literal(columnType(column))})`;
    return fallback === null ? value : `if(isNull(${landed}), ${fallback}, ${value})`;
  }
  if (fallback === null) return castSql(column.nullable ? nullable(type) : type, landed);
  return `ifNull(${castSql(nullable(type), landed)}, ${fallback})`;
}

/** SQL that is 1 where `valueSql` does not raise; null where only the insert itself can tell. */
export function fitsSql(field: Field, landed: string): string | null {
  if (!field.isList) return fits(field.type, landed);
  const element = requiredElement(field.type);
  const inner = fits(element, "v");
  return inner && `arrayAll(v -> ${inner}, ${landed})`;
}

/** Families whose text form ClickHouse reads by a cast; all others come as JSON or not at all. */
const COMPOSITE_FAMILIES: ReadonlySet<string> = new Set([
  "Array",
  "Map",
  "Tuple",
  "Nested",
  "Variant",
  "Point",
  "Ring",
  "Polygon",
  "MultiPolygon",
]);

/** Families that ClickHouse cannot put in a Nullable, or raises on whatever the cast is asked. */
const UNPROVABLE_FAMILIES: ReadonlySet<string> = new Set([
  ...COMPOSITE_FAMILIES,
  "JSON",
  "Object",
  "Dynamic",
  "AggregateFunction",
  "SimpleAggregateFunction",
]);

function isComposite(type: DataType): boolean {
  return COMPOSITE_FAMILIES.has(type.family);
}

function castSql(type: DataType, text: string): string {
  const { inner, isNullable } = withoutWrappers(type);
  const wrap = (name: string) => literal(isNullable ? `Nullable(${name})` : name);
  if (inner.family === "DateTime")
    return `toDateTime(accurateCast(${secondsSql(inner, text, "")}, ${wrap("UInt32")}), ${zoneOf(inner, 0)})`;
  if (inner.family === "DateTime64")
    return `accurateCast(${momentSql(inner, text, "")}, ${wrap(typeText(inner))})`;
  if (inner.family === "Date") return `toDate(accurateCast(${daysSql(text, "")}, ${wrap("UInt16")}))`;
  if (inner.family === "Date32") return `accurateCast(${daySql(text, "")}, ${wrap("Date32")})`;
  return `accurateCast(${text}, ${wrap(typeText(inner))})`;
}

function fits(type: DataType, text: string): string | null {
  const { inner, isNullable } = withoutWrappers(type);
  const proof = proofSql(inner, text);
  return proof && isNullable ? `(isNull(${text}) OR ${proof})` : proof;
}

function proofSql(type: DataType, text: string): string | null {
  if (UNPROVABLE_FAMILIES.has(type.family)) return null;
  if (type.family === "DateTime")
    return `isNotNull(accurateCastOrNull(${secondsSql(type, text, "OrNull")}, 'UInt32'))`;
  if (type.family === "DateTime64") return `isNotNull(${momentSql(type, text, "OrNull")})`;
  if (type.family === "Date") return `isNotNull(accurateCastOrNull(${daysSql(text, "OrNull")}, 'UInt16'))`;
  if (type.family === "Date32") return `isNotNull(${daySql(text, "OrNull")})`;
  if (type.family.startsWith("Enum")) return `has([${labelsOf(type).map(literal).join(", ")}], ${text})`;
  return `isNotNull(accurateCastOrNull(${text}, ${literal(typeText(type))}))`;
}

/**
 * Seconds since 1970. A DateTime holds them in 32 bits and ClickHouse wraps what is outside (1969, 2107), so the
 * number is cast, not the moment.
 */
function secondsSql(type: DataType, text: string, suffix: "" | "OrNull"): string {
  return `intDiv(toUnixTimestamp64Milli(parseDateTime64BestEffort${suffix}(${text}, 3, ${zoneOf(type, 0)})), 1000)`;
}

/** Read as a moment, because ClickHouse reads 30 February as 1 March when it is asked for a day. */
function daySql(text: string, suffix: "" | "OrNull"): string {
  return `toDate32(parseDateTime64BestEffort${suffix}(${text}, 3, 'UTC'))`;
}

/** Days since 1970. A Date holds them in 16 bits, and again the number is cast so that nothing is clamped. */
function daysSql(text: string, suffix: "" | "OrNull"): string {
  return `toInt32(${daySql(text, suffix)})`;
}

/** All spellings that Tinybird takes: with a blank or a T, a fraction, Z or an offset, seconds since 1970. */
function momentSql(type: DataType, text: string, suffix: "" | "OrNull"): string {
  const precision = type.arguments[0];
  const digits = precision?.kind === "number" ? precision.text : "3";
  return `parseDateTime64BestEffort${suffix}(${text}, ${digits}, ${zoneOf(type, 1)})`;
}

function zoneOf(type: DataType, position: number): string {
  const zone = type.arguments[position];
  return literal(zone?.kind === "string" ? zone.value : "UTC");
}

function labelsOf(type: DataType): string[] {
  return type.arguments.flatMap((argument) => {
    if (argument.kind === "pair") return [argument.name];
    return argument.kind === "string" ? [argument.value] : [];
  });
}

/** LowCardinality is only a way to store; Nullable is handled beside the type. */
function withoutWrappers(type: DataType): { inner: DataType; isNullable: boolean } {
  const argument = type.arguments[0];
  if (argument?.kind !== "type") return { inner: type, isNullable: false };
  if (type.family === "LowCardinality") return withoutWrappers(argument.type);
  if (type.family === "Nullable") return { ...withoutWrappers(argument.type), isNullable: true };
  return { inner: type, isNullable: false };
}

function nullable(type: DataType): DataType {
  return { family: "Nullable", arguments: [{ kind: "type", type }] };
}

function elementOf(type: DataType): DataType | null {
  const element = type.family === "Array" ? type.arguments[0] : undefined;
  return element?.kind === "type" ? withoutWrappers(element.type).inner : null;
}

function requiredElement(type: DataType): DataType {
  const element = type.arguments[0];
  return element?.kind === "type" ? element.type : type;
}
