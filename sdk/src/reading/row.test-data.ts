import type * as z from "zod";

/** A row that fits a schema of the generated file, whatever columns that has, with what a test cares about on top. */
export function sampleRow(row: z.ZodObject, changes: Record<string, unknown> = {}): Record<string, unknown> {
  const columns = Object.entries(row.shape).map(([name, type]) => [name, sampleOf(type)]);
  return { ...Object.fromEntries(columns), ...changes };
}

const SAMPLES: Readonly<Record<string, unknown>> = {
  string: "2026-01-01 00:00:00",
  array: [],
  boolean: true,
  record: {},
};

const sampleOf = (type: z.core.$ZodType): unknown => {
  const kind = type._zod.def.type;
  return kind === "nullable" ? null : (SAMPLES[kind] ?? 1);
};
