import type { Instruction } from "../lines.ts";
import { type DatafileError, syntaxError } from "../problem.ts";
import { blockOf } from "../values.ts";

/** A data skipping index: `INDEX name expr TYPE type [GRANULARITY granularity]` of CREATE TABLE. */
export interface Index {
  readonly name: string;
  /** SQL. */
  readonly expr: string;
  /** With its arguments: `set(100)`. */
  readonly type: string;
  /** Null when not written; ClickHouse then has a default of its own. */
  readonly granularity: number | null;
}

const INDEX = /^(\w+)\s+(\S|\S.*\S)\s+TYPE\s+(\w+(?:\([\w.,\s*]*\))?)(?:\s+GRANULARITY\s+(\d+))?$/;
const USAGE = "Usage: `[INDEX] name expr TYPE type_full GRANULARITY granularity`";

/** Reads an INDEXES block, one index a line. */
export function parseIndexes(instruction: Instruction): readonly Index[] {
  const lines = blockOf(instruction).split("\n");
  const broken = lines.findIndex((line) => line.match(/\bTYPE\b/g)?.length !== 1);
  if (broken !== -1) throw invalidIndex(instruction, lines, broken);
  return lines.map((line) => parseIndex(line) ?? raise(invalidIndex(instruction, lines, 0)));
}

function parseIndex(line: string): Index | null {
  const [, name, expr, type, granularity] = INDEX.exec(definition(line)) ?? [];
  if (name === undefined || expr === undefined || type === undefined) return null;
  return { name, expr, type, granularity: granularity === undefined ? null : Number(granularity) };
}

/**
 * The line without the optional word INDEX and a trailing comma. Where the word is missing, Tinybird takes its letters
 * off the start of the name (`Dx` becomes `x`); so do we, or the two would make different tables.
 */
function definition(line: string): string {
  const text = line.trim().replace(/,$/, "").trimEnd();
  return /^INDEX\s/.test(text) ? text.replace(/^INDEX\s+/, "") : text.replace(/^[INDEX]+/, "").trimStart();
}

/** Tinybird counts lines as in a SCHEMA: without blank and comment lines, from that of the instruction. */
function invalidIndex({ line }: Instruction, lines: readonly string[], row: number): DatafileError {
  const indent = /^\s*/.exec(lines[row] ?? "")?.[0].length ?? 0;
  return syntaxError("Invalid INDEX syntax", { line: line + row + 1, pos: indent + 1 }, USAGE);
}

function raise(error: Error): never {
  throw error;
}
