import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  type Column,
  columnSql,
  type Datafile,
  type Datasource,
  dependenciesOf,
  type Engine,
  engineSql,
  type NodeReading,
  openEngine,
  type Pipe,
  type PipeNode,
  type Problem,
  parseDatafile,
  readPipe,
} from "tb-embedded";

/** One line of a file of cases: a datafile and what Tinybird's own parser makes of it, a value or an error. */
interface Case {
  readonly id: string;
  readonly kind: "datasource" | "pipe" | "connection";
  readonly name: string;
  readonly content: string;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly parsed?: Readonly<Record<string, unknown>>;
  readonly error?: string;
  readonly line?: number | null;
  /** `exact`: message and line are equal; `line`: fails on that line; `fails`: fails. */
  readonly match?: "exact" | "line" | "fails";
}

export interface GoldenResult {
  readonly passed: number;
  readonly failed: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * Runs every case of a file of datafile cases (JSON lines) through `parseDatafile`, and pipes through `readPipe`: the
 * SQL of nodes is judged by ClickHouse's own parser.
 * @throws the file system's error when the file cannot be read, SyntaxError when a line is not JSON.
 */
export async function goldenDatafiles(path: string): Promise<GoldenResult> {
  const lines = readFileSync(path, "utf8").split("\n");
  const cases = lines.filter((line) => line.trim() !== "").map((line): Case => JSON.parse(line));
  const folder = mkdtempSync(join(tmpdir(), "golden-datafiles-"));
  const engine = await openEngine(folder);
  const failed: { id: string; reason: string }[] = [];
  try {
    for (const one of cases) {
      const reason = await failureOf(one, engine);
      if (reason !== null) failed.push({ id: one.id, reason });
    }
  } finally {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return { passed: cases.length - failed.length, failed };
}

async function failureOf(one: Case, engine: Engine): Promise<string | null> {
  const source = { path: `${one.name}.${one.kind}`, content: one.content };
  const result = parseDatafile(source, { secrets: new Map(Object.entries(one.secrets ?? {})) });
  if (!result.ok) return problemDifference(one, result.problem);
  const { datafile, warnings } = result;
  const reading = datafile.kind === "pipe" ? await readPipe(datafile, engine, new Set()) : null;
  const [problem] = reading?.problems ?? [];
  if (problem !== undefined) return problemDifference(one, problem);
  if (one.parsed === undefined) return `parsed, expected the error: ${one.error}`;
  return firstDifference(valueIn(datafile, warnings, reading?.readings ?? []), one.parsed);
}

function problemDifference({ parsed, error, line, match }: Case, problem: Problem): string | null {
  const got = `line ${problem.line}: ${problem.message}`;
  if (parsed !== undefined) return `expected a value, got the problem at ${got}`;
  const sameLine = match === "fails" || problem.line === line;
  const sameMessage = match !== "exact" || problem.message === error;
  return sameLine && sameMessage ? null : `expected line ${line}: ${error}\ngot ${got}`;
}

function firstDifference(value: Readonly<Record<string, unknown>>, expected: Case["parsed"]): string | null {
  const keys = new Set([...Object.keys(value), ...Object.keys(expected ?? {})]);
  for (const key of keys) {
    if (isDeepStrictEqual(value[key], expected?.[key])) continue;
    return `${key}: expected ${JSON.stringify(expected?.[key])}, got ${JSON.stringify(value[key])}`;
  }
  return null;
}

/** A datafile in the words of the cases. */
function valueIn(
  datafile: Datafile,
  warnings: readonly string[],
  readings: readonly NodeReading[],
): Readonly<Record<string, unknown>> {
  switch (datafile.kind) {
    case "datasource":
      return { ...datasourceValue(datafile), warnings };
    case "pipe":
      return { ...pipeValue(datafile, readings), warnings };
    case "connection":
      return { description: datafile.description, type: datafile.type, settings: datafile.settings };
  }
}

function datasourceValue(datasource: Datasource): Readonly<Record<string, unknown>> {
  const { engine } = datasource;
  // The cases leave it open what is made without ENGINE.
  const sql = engine?.type ? engineSql(datasource) : null;
  return {
    description: datasource.description,
    schema: datasource.columns.map(columnValue),
    columns_sql: datasource.columns.map(columnSql),
    engine: engine && snakeKeys(engine),
    engine_sql: sql?.ok ? sql.sql : null,
    ...(sql?.ok === false && { build_error: sql.message }),
    indexes: datasource.indexes,
    tokens: datasource.tokens,
    tags: datasource.tags,
    operational_tags: datasource.operationalTags,
    shared_with: datasource.sharedWith,
    kafka: presentOrNull(datasource.kafka),
    import: presentOrNull(datasource.import),
    postgres: presentOrNull(datasource.postgres),
    forward_query: datasource.forwardQuery,
    backfill: datasource.backfill,
  };
}

function columnValue({ name, type, nullable, jsonPath, defaultExpression, codec }: Column): unknown {
  return { name, type, nullable, jsonpath: jsonPath, default: defaultExpression, codec };
}

function pipeValue(pipe: Pipe, readings: readonly NodeReading[]): Readonly<Record<string, unknown>> {
  return {
    description: pipe.description,
    type: pipe.type,
    nodes: pipe.nodes.map((node, index) => nodeValue(node, readings[index]?.tables ?? [])),
    dependencies: dependenciesOf(pipe, readings),
    tokens: pipe.tokens,
    tags: pipe.tags,
  };
}

function nodeValue(
  { name, description, type, sql, isTemplate, ...node }: PipeNode,
  uses: readonly string[],
): unknown {
  const { datasource, deploymentMethod, copy, sink } = node;
  return {
    name,
    description,
    type,
    sql,
    is_template: isTemplate,
    uses,
    ...present({ datasource, deploymentMethod, copy: presentOrNull(copy), sink: presentOrNull(sink) }),
  };
}

/** The settings that are there, or null. */
function presentOrNull(settings: object | null): unknown {
  return settings && present(settings);
}

function present(settings: object): Readonly<Record<string, unknown>> {
  return snakeKeys(Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null)));
}

/** `groupId` as the datafiles spell it: `group_id`. */
function snakeKeys(settings: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}
