import type * as z from "zod";
import { InvalidEventError } from "../errors.ts";
import { issuesOf, reasonOf } from "../issues.ts";
import { toDateTime } from "../values/date-time.ts";
import { wireRow } from "../values/wire-form.ts";
import { lineBytes } from "./batch.ts";

/** One entry of `dataSources` in `schema.generated.ts`. */
export type DataSource = {
  readonly name: string;
  /** Absent when no column identifies a row. */
  readonly identity?: string;
  readonly row: z.ZodObject;
};

/** A row as it travels: one line of JSON, and its UTF-8 bytes with the newline, counted once. */
export type Encoded = { readonly line: string; readonly bytes: number };

/** Checks and encodes one event. Throws InvalidEventError. */
export type Encode = (event: unknown) => Encoded;

/**
 * The encoder of one data source. Fills in the identity when there is none, and writes dates as the service reads them.
 *
 * @param validate False: the event is encoded as given and the service decides; what JSON cannot hold still throws.
 */
export function createEncoder(source: DataSource, validate: boolean, nextId: () => string): Encode {
  const asWireRow = wireRow(source.row);
  const shape = validate ? (event: unknown) => checked(source, event) : asGiven;
  return (event) => encode(source, asWireRow(event) ?? shape(event), nextId);
}

/** The schema's own copy of the event, so the caller's stays as it is. */
function checked(source: DataSource, event: unknown): unknown {
  const result = source.row.safeParse(event);
  if (result.success) return result.data;
  const fields = Object.keys(source.row.shape);
  throw new InvalidEventError(source.name, issuesOf(result.error, event, "event", fields));
}

function asGiven(event: unknown): unknown {
  if (!isRecord(event)) return event;
  const row = { ...event };
  for (const [field, value] of Object.entries(row)) {
    if (value instanceof Date) row[field] = toDateTime(value) ?? null;
  }
  return row;
}

function encode(source: DataSource, row: unknown, nextId: () => string): Encoded {
  const line = withIdentity(source, row, stringify(source, row), nextId);
  return { line, bytes: lineBytes(line) };
}

/** The identity goes in front of the other fields: that costs less than a copy of the event. */
function withIdentity({ identity }: DataSource, row: unknown, line: string, nextId: () => string): string {
  if (identity === undefined || !isRecord(row) || (row[identity] ?? undefined) !== undefined) return line;
  const field = `${JSON.stringify(identity)}:${JSON.stringify(nextId())}`;
  if (line === "{}") return `{${field}}`;
  // A null that came without validation would stand beside it.
  if (row[identity] === null) return JSON.stringify({ ...row, [identity]: nextId() });
  return `{${field},${line.slice(1)}`;
}

function stringify(source: DataSource, row: unknown): string {
  const expected = "a value that JSON can hold";
  try {
    const line: string | undefined = JSON.stringify(row);
    if (line !== undefined) return line;
  } catch (cause) {
    throw new InvalidEventError(source.name, [{ field: "event", expected, received: reasonOf(cause) }]);
  }
  throw new InvalidEventError(source.name, [{ field: "event", expected, received: typeof row }]);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
