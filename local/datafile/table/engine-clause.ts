import type { Column } from "../schema/column.ts";
import { defaultSortingKey } from "./sorting-key.ts";

/** The `ENGINE_…` instructions by name without the prefix. */
export type EngineOption =
  | "partitionKey"
  | "sortingKey"
  | "primaryKey"
  | "samplingKey"
  | "ttl"
  | "settings"
  | "ver"
  | "isDeleted"
  | "sign"
  | "version"
  | "columns";

/** ENGINE and its options as written; an option may be the empty text, which means the same as none. */
export type EngineClause = {
  /** Null when only options are there: the engine is then MergeTree. */
  readonly type: string | null;
} & { readonly [Option in EngineOption]?: string };

export type EngineResult =
  | { readonly ok: true; readonly sql: string }
  | { readonly ok: false; readonly message: string };

/** One argument of an engine: a column, or a list of columns. */
interface Parameter {
  readonly option: "ver" | "isDeleted" | "sign" | "version" | "columns";
  readonly required: boolean;
}

interface EngineRule {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly needsSortingKey: boolean;
}

const ENGINES: readonly EngineRule[] = [
  { name: "MergeTree", parameters: [], needsSortingKey: false },
  {
    name: "ReplacingMergeTree",
    parameters: [
      { option: "ver", required: false },
      { option: "isDeleted", required: false },
    ],
    needsSortingKey: true,
  },
  {
    name: "SummingMergeTree",
    parameters: [{ option: "columns", required: false }],
    needsSortingKey: false,
  },
  { name: "AggregatingMergeTree", parameters: [], needsSortingKey: false },
  {
    name: "CollapsingMergeTree",
    parameters: [{ option: "sign", required: true }],
    needsSortingKey: true,
  },
  {
    name: "VersionedCollapsingMergeTree",
    parameters: [
      { option: "sign", required: true },
      { option: "version", required: true },
    ],
    needsSortingKey: false,
  },
  { name: "Null", parameters: [], needsSortingKey: false },
];

const DEFAULT_ENGINE = "MergeTree";

/** What an engine clause is made of. */
interface Table {
  readonly engine: EngineClause | null;
  readonly columns: readonly Column[];
}

/**
 * The engine clause as Tinybird writes it: `Name(params) PARTITION BY (…) ORDER BY (…) PRIMARY KEY (…) SAMPLE BY (…)
 * TTL … SETTINGS …`. Without ENGINE it is a MergeTree, sorted by its first date or time column, else its first number,
 * else its first text. Options that an engine does not know are left out.
 */
export function engineSql(table: Table): EngineResult {
  return clauseOf(namedEngine(table), table.columns);
}

/** The same for CREATE TABLE in ClickHouse 26, which takes several columns to sum as one tuple only. */
export function tableEngineSql(table: Table): EngineResult {
  const engine = namedEngine(table);
  const list = engine.columns ?? "";
  const sums = engine.type.toLowerCase() === "summingmergetree" && columnsIn(list).length > 1;
  const clause = clauseOf(engine, table.columns);
  return clause.ok && sums ? { ok: true, sql: clause.sql.replace(`(${list})`, () => `((${list}))`) } : clause;
}

type NamedEngine = EngineClause & { readonly type: string };

function namedEngine({ engine, columns }: Table): NamedEngine {
  if (engine?.type) return { ...engine, type: engine.type };
  const sortingKey = engine?.sortingKey || defaultSortingKey(columns);
  return { ...engine, type: DEFAULT_ENGINE, sortingKey };
}

function clauseOf(engine: NamedEngine, columns: readonly Column[]): EngineResult {
  const rule = ENGINES.find(({ name }) => name.toLowerCase() === engine.type.toLowerCase());
  if (rule === undefined) return { ok: false, message: unsupported(engine.type) };
  const message = refusal(rule, engine, columns);
  if (message !== null) return { ok: false, message };
  const params = rule.parameters.flatMap(({ option }) => engine[option] || []);
  const clauses = rule.name === "Null" ? [] : optionClauses(engine);
  return { ok: true, sql: [`${rule.name}(${params.join(", ")})`, ...clauses].join(" ") };
}

function unsupported(type: string): string {
  const names = ENGINES.map(({ name }) => name).join(", ");
  return `Engine ${type} is not supported, supported engines include: ${names}`;
}

function refusal(rule: EngineRule, engine: EngineClause, columns: readonly Column[]): string | null {
  const names = new Set(columns.map(({ name }) => name));
  for (const { option, required } of rule.parameters) {
    const value = engine[option] ?? "";
    if (value === "" && required) return missing(option);
    const unknown = columnsIn(value).find((name) => !names.has(name));
    if (unknown !== undefined) return invalid(option, value, `'${unknown}' column is not present in schema`);
  }
  if (engine.isDeleted && !engine.ver && rule.name === "ReplacingMergeTree") return missing("ver");
  return rule.needsSortingKey ? sortingKeyRefusal(rule, engine.sortingKey ?? "") : null;
}

function sortingKeyRefusal(rule: EngineRule, sortingKey: string): string | null {
  if (sortingKey === "") return missing("sortingKey");
  if (!/^tuple\(\s*\)$/.test(sortingKey)) return null;
  return invalid("sortingKey", sortingKey, `${rule.name} expects the columns that identify a row`);
}

function columnsIn(value: string): readonly string[] {
  const names = value.split(",").map((name) => name.trim().replace(/^`(.*)`$/, "$1"));
  return names.filter((name) => name !== "");
}

function missing(option: EngineOption): string {
  return `Missing required option '${spelled(option)}'`;
}

function invalid(option: EngineOption, value: string, reason: string): string {
  return `Invalid value '${value}' for parameter 'engine_${spelled(option)}', reason: ${reason}`;
}

/** `sortingKey` as the datafile spells it: `sorting_key`. */
function spelled(option: EngineOption): string {
  return option.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function optionClauses(engine: EngineClause): readonly string[] {
  const clauses = [
    engine.partitionKey && `PARTITION BY (${engine.partitionKey})`,
    `ORDER BY (${engine.sortingKey || "tuple()"})`,
    engine.primaryKey && `PRIMARY KEY (${engine.primaryKey})`,
    engine.samplingKey && `SAMPLE BY (${engine.samplingKey})`,
    engine.ttl && `TTL ${engine.ttl}`,
    engine.settings && `SETTINGS ${engine.settings}`,
  ];
  return clauses.flatMap((clause) => clause || []);
}
