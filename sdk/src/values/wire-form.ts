import type { z } from "zod";

/** Whether a value fits its column and may be printed as it is (a `Date` apart, which `printDates` prints). */
export type IsWireForm = (value: unknown) => boolean;

/** By schema: a schema of zod has no place for what is ours. */
const checks = new WeakMap<z.core.$ZodType, IsWireForm>();

/**
 * Says when a value needs no work by this schema. The answer "yes" must imply that the schema takes the value and changes
 * nothing of it but a `Date`; "no" costs time, not correctness.
 */
export function withWireForm<S extends z.core.$ZodType>(schema: S, check: IsWireForm): S {
  checks.set(schema, check);
  return schema;
}

/** "No" to everything where nothing is known. */
export const wireFormOf = (schema: z.core.$ZodType): IsWireForm => checks.get(schema) ?? (() => false);

/**
 * The check of whole rows. Most events are right, and to see that by a few comparisons takes a fifth of the time of zod's
 * copy; whatever else comes goes to zod, which says what is wrong with it.
 */
export function rowIsWireForm(row: z.ZodObject): IsWireForm {
  const columns = Object.entries(row.shape).map(([name, type]) => [name, wireFormOf(type)] as const);
  return (value) => {
    // Own fields only, and no class that prints itself in a way of its own.
    if (typeof value !== "object" || value === null) return false;
    if (Object.getPrototypeOf(value) !== Object.prototype) return false;
    const event = value as Record<string, unknown>;
    let present = 0;
    for (const [name, isWireForm] of columns) {
      const field = event[name];
      if (!isWireForm(field)) return false;
      if (field !== undefined) present += 1;
    }
    // A key that no column has.
    for (const _ in event) present -= 1;
    return present === 0;
  };
}
