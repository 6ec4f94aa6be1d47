import { type DataType, parseDataType } from "tb-embedded";

/** Where a value travels: an event's column, an endpoint's parameter, or a column of an answer. */
export type Place = "event" | "parameter" | "answer";

/** A ClickHouse type as a schema in the words of `sdk/src/values/column-types.ts`: `Array(Int32)` → `array(int32())`. */
export function wordsFor(typeText: string, place: Place): string {
  return typeText === "" ? ANYTHING : words(parseDataType(typeText), place);
}

/** Whether the text of an answer's column is a moment in UTC that can be read as a `Date`. */
export function isDateColumn(typeText: string): boolean {
  return isUtcDate(unwrapped(parseDataType(typeText)));
}

const ANYTHING = "anything()";
/** Nullable is kept: it is part of what a caller sees. */
const TRANSPARENT: ReadonlySet<string> = new Set(["LowCardinality", "SimpleAggregateFunction"]);
const DATES: ReadonlySet<string> = new Set(["Date", "Date32", "DateTime", "DateTime64"]);

function words(type: DataType, place: Place): string {
  const inner = typeArguments(type);
  const last = inner.at(-1);
  if (TRANSPARENT.has(type.family)) return last === undefined ? ANYTHING : words(last, place);
  switch (type.family) {
    case "Nullable":
      return last === undefined ? ANYTHING : nullable(words(last, place), place);
    case "Array":
      return `${place === "parameter" ? "list" : "array"}(${last === undefined ? ANYTHING : words(last, place)})`;
    case "Map":
      return `map(${last === undefined ? ANYTHING : words(last, place)})`;
    case "Enum":
    case "Enum8":
    case "Enum16":
      return place === "answer" ? "string()" : `oneOf(${JSON.stringify(labels(type))})`;
    default:
      return DATES.has(type.family) ? dateWords(type, place) : plainWords(type.family, place);
  }
}

const nullable = (inner: string, place: Place) =>
  place === "answer" ? `${inner}.nullable()` : `nullable(${inner})`;

function dateWords(type: DataType, place: Place): string {
  if (place === "answer") return "dateText()";
  // A zone of its own: text without one would mean that zone, so it is left to the caller.
  if (!isUtcDate(type)) return "string()";
  if (type.family.startsWith("DateTime64")) return `dateTime64(${precision(type)})`;
  return type.family === "DateTime" ? "dateTime()" : "date()";
}

const PLAIN: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["String", "FixedString", "IPv4", "IPv6"].map((name) => [name, "string()"])),
  UUID: "uuid()",
  Bool: "boolean()",
  Boolean: "boolean()",
  ...Object.fromEntries([8, 16, 32, 64].map((bits) => [`Int${bits}`, `int${bits}()`])),
  ...Object.fromEntries([8, 16, 32, 64].map((bits) => [`UInt${bits}`, `uint${bits}()`])),
  ...Object.fromEntries(
    [128, 256].flatMap((bits) => [
      [`Int${bits}`, "int64()"],
      [`UInt${bits}`, "uint64()"],
    ]),
  ),
};

function plainWords(family: string, place: Place): string {
  if (/^(?:Float|Decimal|BFloat)/.test(family)) return place === "answer" ? floatAnswer(family) : "float()";
  if (place === "answer" && /^U?Int\d/.test(family)) return "number()";
  if (place === "answer" && family === "UUID") return "string()";
  // The names of other parameter types (`Symbol`, `Column`, …) all stand for text.
  return PLAIN[family] ?? (place === "parameter" ? "string()" : ANYTHING);
}

const floatAnswer = (family: string) => (family.startsWith("Decimal") ? "number()" : "floatOrNaN()");

const typeArguments = (type: DataType): readonly DataType[] =>
  type.arguments.flatMap((argument) => (argument.kind === "type" ? [argument.type] : []));

const labels = (type: DataType): readonly string[] =>
  type.arguments.flatMap((argument) => {
    if (argument.kind === "pair") return [argument.name];
    return argument.kind === "string" ? [argument.value] : [];
  });

/** ClickHouse's own default. */
const DATE_TIME64_PRECISION = 3;

function precision(type: DataType): number {
  const given = type.arguments.find((argument) => argument.kind === "number");
  return given === undefined ? DATE_TIME64_PRECISION : Number(given.text);
}

function isUtcDate(type: DataType): boolean {
  const zone = type.arguments.find((argument) => argument.kind === "string")?.value ?? "UTC";
  return DATES.has(type.family) && /^(?:Etc\/)?UTC$/.test(zone);
}

function unwrapped(type: DataType): DataType {
  const inner = typeArguments(type).at(-1);
  const isWrapper = type.family === "Nullable" || TRANSPARENT.has(type.family);
  return isWrapper && inner !== undefined ? unwrapped(inner) : type;
}
