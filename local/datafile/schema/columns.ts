import type { Instruction } from "../lines.ts";
import { valueError } from "../problem.ts";
import type { Column } from "./column.ts";
import { readColumnType } from "./column-type.ts";
import { Cursor, type Keyword } from "./cursor.ts";
import { readExpression } from "./expression.ts";

/** The parts of a column in the words of the messages. */
type Part = "TYPE" | "DEFAULT" | "CODEC" | "JSONPATH";

/** What may follow each part; a comma or the end may follow all of them. */
const FOLLOWERS: Readonly<Record<Part | "NAME", readonly Part[]>> = {
  NAME: ["TYPE", "DEFAULT", "CODEC", "JSONPATH"],
  TYPE: ["DEFAULT", "CODEC", "JSONPATH"],
  DEFAULT: ["CODEC", "JSONPATH"],
  CODEC: ["JSONPATH"],
  JSONPATH: ["DEFAULT", "CODEC", "JSONPATH"],
};

/** Column syntax of ClickHouse that a data source cannot have. */
const REFUSED: Readonly<Record<Exclude<Keyword, Part>, readonly [message: string, hint: string | null]>> = {
  NULL: ["NULL column syntax not supported", "Hint: use Nullable(...) as the type"],
  "NOT NULL": ["NOT NULL column syntax not supported", "Hint: Columns are not nullable by default"],
  MATERIALIZED: ["MATERIALIZED columns are not supported", null],
  ALIAS: ["ALIAS columns are not supported", null],
  TTL: ["column TTL is not supported", null],
};

const INDEX_HINT = "Indexes are not allowed in SCHEMA section. Use the INDEXES section instead";

/**
 * Reads the columns of a SCHEMA:
 *
 *     column := name [type] [`json:path` | DEFAULT expression | CODEC(codecs)]...
 *
 * separated by commas; one may trail. Duplicate names and JSON paths are not judged here.
 */
export function parseSchema(instruction: Instruction): readonly Column[] {
  const cursor = new Cursor(instruction, withoutComments);
  const columns: Column[] = [];
  cursor.skipBlanks();
  while (!cursor.atEnd()) {
    columns.push(readColumn(cursor));
    cursor.accept(",");
    cursor.skipBlanks();
  }
  if (columns.length === 0) throw valueError("SCHEMA has no columns", instruction.line);
  return columns;
}

/** Cuts `-- comments`, except inside a JSON path. */
function withoutComments(text: string): string {
  return text.replace(/(`json:[^`\n]*`)|--[^\n]*/gi, (_, path: string | undefined) => path ?? "").trimEnd();
}

interface ColumnParts {
  type: ReturnType<typeof readColumnType> | null;
  defaultExpression: string | null;
  codec: string | null;
  jsonPath: string | null;
}

function readColumn(cursor: Cursor): Column {
  const start = cursor.index;
  const name = readName(cursor);
  const parts: ColumnParts = { type: null, defaultExpression: null, codec: null, jsonPath: null };
  for (let part = nextPart(cursor, "NAME"); part !== null; part = nextPart(cursor, part)) {
    readPart(cursor, part, parts);
  }
  if (parts.type === null && parts.defaultExpression === null) {
    throw cursor.errorAt(start, "Column name and either type or DEFAULT are required");
  }
  const { nullable, type } = parts.type ?? { nullable: false, type: "" };
  const isNull = nullable && parts.defaultExpression?.toUpperCase() === "NULL";
  const defaultExpression = isNull ? null : parts.defaultExpression;
  return {
    name,
    type,
    nullable,
    jsonPath: parts.jsonPath,
    defaultExpression,
    codec: parts.codec,
    line: cursor.lineAt(start),
  };
}

function readName(cursor: Cursor): string {
  const start = cursor.index;
  if (cursor.accept("`")) return readQuotedName(cursor, start);
  const name = cursor.match(/[\w.*<>+\-'`]*/y);
  if (!cursor.atEnd() && (name === "" || !/[\s,]/.test(cursor.char()))) {
    throw cursor.error(`Column name contains invalid character '${cursor.char()}'`, "Hint: use backticks");
  }
  if (name === "INDEX") throw cursor.errorAt(start, "Forbidden INDEX definition", INDEX_HINT);
  return name;
}

function readQuotedName(cursor: Cursor, start: number): string {
  const name = cursor.untilBacktick();
  if (name === "") throw cursor.errorAt(start, "Column name is empty");
  return name;
}

/** Finds out which part comes next and steps over its keyword; null at a comma or the end. */
function nextPart(cursor: Cursor, last: Part | "NAME"): Part | null {
  const start = cursor.index;
  const found = cursor.skipBlanks() ? keyword(cursor) : null;
  const ends = cursor.atEnd() || cursor.char() === ",";
  if (found === null && ends && (last !== "JSONPATH" || cursor.index === start)) return null;
  const part = found ?? "TYPE";
  if (!FOLLOWERS[last].includes(part)) throw cursor.errorAt(start, `Unexpected ${part} after ${last}`);
  return part;
}

function keyword(cursor: Cursor): Part | null {
  const start = cursor.index;
  const word = cursor.keyword();
  if (word === "DEFAULT" || word === "CODEC" || word === "JSONPATH" || word === null) return word;
  throw cursor.errorAt(start, ...REFUSED[word]);
}

function readPart(cursor: Cursor, part: Part, parts: ColumnParts): void {
  switch (part) {
    case "TYPE":
      parts.type = readColumnType(cursor);
      return;
    case "DEFAULT":
      parts.defaultExpression = readValue(cursor, "DEFAULT");
      return;
    case "CODEC":
      parts.codec = readCodec(cursor);
      return;
    case "JSONPATH":
      parts.jsonPath = cursor.untilBacktick() || null;
      return;
  }
}

function readValue(cursor: Cursor, part: Part): string {
  cursor.skipBlanks();
  const value = cursor.atPath() ? "" : readExpression(cursor);
  if (value === "") throw cursor.error(`Missing mandatory value for ${part}`);
  return value;
}

function readCodec(cursor: Cursor): string {
  const start = cursor.index;
  const value = readValue(cursor, "CODEC");
  if (/^\(.*\)$/s.test(value)) return value.slice(1, -1);
  throw cursor.errorAt(start, `CODEC expects its codecs in parentheses, got ${value}`, "CODEC(ZSTD(1))");
}
