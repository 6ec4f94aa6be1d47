import { faker } from "@faker-js/faker";
import { type BaseConfig, BaseGenerator, type Row } from "@tinybirdco/mockingbird";

/**
 * A Mockingbird schema: each field names a function of faker or of Mockingbird, `count` > 1 draws an array.
 * Wider than Mockingbird's own type, which leaves out faker's generic functions (`helpers.fake`).
 */
export type RowSchema = Readonly<Record<string, { type: string; params?: unknown[]; count?: number }>>;

/** Mockingbird's row generation alone: its own destinations send one request a row and drop what fails. */
class Rows extends BaseGenerator<BaseConfig> {
  override async sendData(): Promise<void> {
    throw new Error("These rows are drawn, not sent");
  }
}

/**
 * Draws `count` rows of a Mockingbird schema. Equal keys (whole numbers) give equal rows.
 * Faker has one random state for the whole process, so a block is seeded and drawn in one go:
 * whoever else draws in between changes nothing. (`mockingbird.pick` uses Math.random: not for schemas here.)
 */
export function drawRows(schema: RowSchema, count: number, key: readonly number[]): Row[] {
  const rows = new Rows({ schema: { ...schema }, eps: 1, limit: -1 });
  faker.seed([...key]);
  return Array.from({ length: count }, () => rows.generateRow());
}

/** The row's number; throws when the schema drew something else there. */
export function numberIn(row: Row, field: string): number {
  const value = row[field];
  if (typeof value !== "number") throw unexpected(field, "a number", value);
  return value;
}

export function stringIn(row: Row, field: string): string {
  const value = row[field];
  if (typeof value !== "string") throw unexpected(field, "a string", value);
  return value;
}

export function numbersIn(row: Row, field: string): number[] {
  const value = row[field];
  if (!Array.isArray(value) || !value.every((item) => typeof item === "number")) {
    throw unexpected(field, "numbers", value);
  }
  return value;
}

export function stringsIn(row: Row, field: string): string[] {
  const value = row[field];
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
    throw unexpected(field, "strings", value);
  }
  return value;
}

function unexpected(field: string, expected: string, value: unknown): TypeError {
  return new TypeError(`Schema field ${field} should draw ${expected}, it drew ${JSON.stringify(value)}`);
}
