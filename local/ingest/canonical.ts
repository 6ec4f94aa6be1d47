import { isLosslessNumber, parse, stringify } from "lossless-json";
import type { JsonPath } from "../datafile/index.ts";
import type { JsonField } from "./field.ts";

/** Why a column of a row was not taken; `column` is null when the row as a whole cannot be read. */
export interface Misfit {
  readonly column: string | null;
  readonly reason: string;
}

/** A line read value by value. `texts` has one entry a field, in order: its text, null for none, an array for a list. */
export interface CanonicalRow {
  readonly texts: readonly CanonicalValue[];
  readonly misfits: readonly Misfit[];
}

export type CanonicalValue = string | null | readonly (string | null)[];

/** Reads one line of NDJSON. Numbers keep their digits, however many there are. */
export function canonicalRow(line: string, fields: readonly JsonField[]): CanonicalRow {
  const read = readObject(line);
  if (typeof read === "string")
    return { texts: fields.map(() => null), misfits: [{ column: null, reason: read }] };
  const values = fields.map((field) => fieldValue(read.value, field));
  return {
    texts: values.map((value) => value.text),
    misfits: values.flatMap(({ reason }, i) =>
      reason === null ? [] : [{ column: fields[i]?.column.name ?? null, reason }],
    ),
  };
}

/** The object, or the reason why there is none. */
function readObject(line: string): { value: object } | string {
  try {
    const value = parse(line);
    if (typeof value === "object" && value !== null && !Array.isArray(value) && !isLosslessNumber(value)) {
      return { value };
    }
    return "expected a JSON object";
  } catch (cause) {
    return `not JSON: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}

function fieldValue(row: object, field: JsonField): { text: CanonicalValue; reason: string | null } {
  const value = valueAt(row, field.path.steps);
  if (value === undefined || value === null) return { text: null, reason: absence(field) };
  if (!field.isList) return { text: textOf(value), reason: null };
  if (Array.isArray(value))
    return { text: value.map((element) => (element === null ? null : textOf(element))), reason: null };
  return { text: textOf(value), reason: `value '${textOf(value)}' is not an array` };
}

/** A missing value takes the DEFAULT, else NULL; a column that has neither cannot do without. */
function absence({ column, path }: JsonField): string | null {
  if (column.nullable || column.defaultExpression !== null) return null;
  return `there is no value at '${path.text}', and the column is neither Nullable nor has a DEFAULT`;
}

function valueAt(value: unknown, steps: JsonPath["steps"]): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (step.kind === "each") {
    return Array.isArray(value) ? value.map((element) => valueAt(element, rest) ?? null) : value;
  }
  if (typeof value !== "object" || value === null || isLosslessNumber(value)) return undefined;
  if (step.kind === "element") return Array.isArray(value) ? valueAt(value[step.index], rest) : undefined;
  return Object.hasOwn(value, step.name)
    ? valueAt((value as Record<string, unknown>)[step.name], rest)
    : undefined;
}

/** Text as it is, numbers as written, true and false as words, objects and arrays as JSON. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (isLosslessNumber(value)) return value.value;
  return stringify(value) ?? "";
}
