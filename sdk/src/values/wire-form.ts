import type * as z from "zod";

/** Whether a value fits its column and travels as it is. */
export type IsWireForm = (value: unknown) => boolean;

/** A `Date` as it travels; undefined when the column cannot hold it. */
export type PrintDate = (value: Date) => string | undefined;

type WireForm = { readonly isWireForm: IsWireForm; readonly printDate?: PrintDate | undefined };

/** By schema: a schema of zod has no place for what is ours. */
const known = new WeakMap<z.core.$ZodType, WireForm>();
const NOTHING_KNOWN: WireForm = { isWireForm: () => false };

/**
 * Says when a value needs no work by this schema. The answer "yes" must imply that the schema takes the value and changes
 * nothing of it; "no" costs time, not correctness.
 */
export function withWireForm<S extends z.core.$ZodType>(
  schema: S,
  isWireForm: IsWireForm,
  printDate?: PrintDate,
): S {
  known.set(schema, { isWireForm, printDate });
  return schema;
}

/** "No" to everything where nothing is known. */
export const wireFormOf = (schema: z.core.$ZodType): WireForm => known.get(schema) ?? NOTHING_KNOWN;

/**
 * A row as it travels, without zod: the row itself, or a copy when a `Date` is to be printed; undefined for a row that is not
 * known to fit. Most events are right, and to see that by a few comparisons takes a fifth of the time of zod's copy; whatever
 * else comes goes to zod, which says what is wrong with it.
 */
export function wireRow(schema: z.ZodObject): (value: unknown) => Record<string, unknown> | undefined {
  const columns = Object.entries(schema.shape).map(([name, type]) => ({ name, ...wireFormOf(type) }));
  return (value) => {
    if (!isPlainObject(value)) return undefined;
    let row = value;
    let present = 0;
    for (const { name, isWireForm, printDate } of columns) {
      let field = value[name];
      if (printDate !== undefined && field instanceof Date) {
        field = printDate(field);
        if (field === undefined) return undefined;
        row = row === value ? { ...value } : row;
        row[name] = field;
      }
      if (!isWireForm(field)) return undefined;
      if (field !== undefined) present += 1;
    }
    // A key that no column has.
    for (const _ in value) present -= 1;
    return present === 0 ? row : undefined;
  };
}

/** Own fields only, and no class that prints itself in a way of its own. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
