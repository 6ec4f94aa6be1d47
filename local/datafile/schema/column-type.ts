import { checkDataType } from "../types/check-type.ts";
import { readDataType } from "../types/data-type.ts";
import type { Cursor } from "./cursor.ts";
import { readExpression } from "./expression.ts";

const BARE_INT_HINTS: Readonly<Record<string, string>> = {
  Int: "Hint: use one of Int8, Int16, Int32, Int64, Int128, Int256",
  UInt: "Hint: use one of UInt8, UInt16, UInt32, UInt64, UInt128, UInt256",
};

/** Reads and checks the type of a column, and takes an outer Nullable off. */
export function readColumnType(cursor: Cursor): { readonly type: string; readonly nullable: boolean } {
  const start = cursor.index;
  const text = readExpression(cursor);
  const end = start + text.length;
  if (/boolean/i.test(text)) {
    throw cursor.errorAt(end, "Boolean type is not supported", "Hint: use Bool or UInt8 instead");
  }
  if (/\bDateTime64\b(?!\s*\()/.test(text)) {
    const message = "DateTime64 type without precision is not supported";
    throw cursor.errorAt(end, message, "Hint: use DateTime64(3) instead");
  }
  const hint = BARE_INT_HINTS[text];
  const message = hint === undefined ? refusal(text) : "Precision is mandatory for Int types";
  if (message !== null) throw cursor.errorBetween({ line: end, pos: start }, message, hint);
  const inner = /^Nullable\s*\((.*)\)$/s.exec(text)?.[1];
  return { type: (inner ?? text).trim(), nullable: inner !== undefined };
}

/** Why ClickHouse would refuse the type, or null. */
function refusal(text: string): string | null {
  const read = readDataType(text);
  return read.ok ? checkDataType(read.type) : `Error parsing type: ${read.message}`;
}
