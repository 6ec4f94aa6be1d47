import type { Datasource } from "./datasource.ts";
import type { Problem } from "./problem.ts";
import type { Column } from "./schema/column.ts";
import { parseJsonPath } from "./schema/json-path.ts";
import { readDataType } from "./types/data-type.ts";

/**
 * The rules that a data source must keep to be built, beyond being parsed: no column twice, JSON paths that can be
 * read, `[:]` only into an Array. Every problem is reported, with the line of its column.
 */
export function checkDatasource({ path, columns }: Datasource): readonly Problem[] {
  const first = new Map(columns.toReversed().map((column) => [column.name, column]));
  return columns.flatMap((column) => {
    const messages = [repetition(column, first.get(column.name)), pathProblem(column)];
    return messages.flatMap((message) => (message === null ? [] : [problemOf(path, column, message)]));
  });
}

function repetition(column: Column, first: Column | undefined): string | null {
  if (first === undefined || first === column) return null;
  return `Column '${column.name}' is already on line ${first.line}`;
}

function problemOf(path: string, { line }: Column, message: string): Problem {
  return { path, line, pos: null, message, hint: null, kind: "validation" };
}

function pathProblem({ name, type, jsonPath }: Column): string | null {
  if (jsonPath === null) return null;
  const parsed = parseJsonPath(jsonPath);
  if (!parsed.ok) return `Column '${name}': ${parsed.message}`;
  const readsEach = parsed.path.steps.some((step) => step.kind === "each");
  if (!readsEach || isArray(type)) return null;
  return `Column '${name}': the JSON path '${jsonPath}' gives an array, the type must be Array(...), not ${type}`;
}

function isArray(type: string): boolean {
  const read = readDataType(type);
  return read.ok && read.type.family === "Array";
}
