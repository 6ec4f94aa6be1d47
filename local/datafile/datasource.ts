import { CONNECTOR_INSTRUCTIONS, type Connectors, readConnectors } from "./connectors.ts";
import {
  type Draft,
  emptyDraft,
  ignored,
  type NamedSource,
  type Parsed,
  type Rule,
  type Rules,
  refused,
  runInstructions,
  setting,
  startOf,
  type TokenLine,
  tags,
  token,
} from "./instructions.ts";
import type { Instruction } from "./lines.ts";
import { syntaxError, validationError } from "./problem.ts";
import type { Column } from "./schema/column.ts";
import { parseSchema } from "./schema/columns.ts";
import type { EngineClause, EngineOption } from "./table/engine-clause.ts";
import { type Index, parseIndexes } from "./table/indexes.ts";
import { checkSortingKey, checkVersionColumn } from "./table/sorting-key.ts";
import { blockOf, dedent, descriptionOf, textOf } from "./values.ts";

/** A `.datasource` file. */
export interface Datasource extends Connectors {
  readonly kind: "datasource";
  readonly path: string;
  /** The base name of the path without extension. */
  readonly name: string;
  readonly description: string | null;
  readonly columns: readonly Column[];
  /** Null without any ENGINE instruction: see `engineSql` for what is made then. */
  readonly engine: EngineClause | null;
  readonly indexes: readonly Index[];
  readonly tokens: readonly TokenLine[];
  readonly tags: readonly string[];
  /** The tags with `=`, joined with `&`. */
  readonly operationalTags: string | null;
  /** Names of the workspaces that may read it. */
  readonly sharedWith: readonly string[];
  /** The SELECT that moves old rows to a changed schema. */
  readonly forwardQuery: string | null;
  /** `skip`, in the case it was written; null when old rows are moved. */
  readonly backfill: string | null;
  /** The text of the file as given. */
  readonly content: string;
}

interface DatasourceDraft extends Draft {
  columns: readonly Column[] | null;
  indexes: readonly Index[];
  forwardQuery: string | null;
  readonly sharedWith: string[];
}

const ENGINE_OPTIONS: ReadonlyMap<string, EngineOption> = new Map([
  ["ENGINE_PARTITION_KEY", "partitionKey"],
  ["ENGINE_SORTING_KEY", "sortingKey"],
  ["ENGINE_PRIMARY_KEY", "primaryKey"],
  ["ENGINE_SAMPLING_KEY", "samplingKey"],
  ["ENGINE_TTL", "ttl"],
  ["ENGINE_SETTINGS", "settings"],
  ["ENGINE_VER", "ver"],
  ["ENGINE_IS_DELETED", "isDeleted"],
  ["ENGINE_SIGN", "sign"],
  ["ENGINE_VERSION", "version"],
  ["ENGINE_COLUMNS", "columns"],
]);

const NO_SERVICE_NEEDED = " If you're using an S3 or GCS connection, you don't need this setting anymore.";

const rules: Rules<DatasourceDraft> = new Map<string, Rule<DatasourceDraft>>([
  ["SCHEMA", { block: "allowed", read: readSchema }],
  ["INDEXES", { block: "required", read: readIndexes }],
  ["DESCRIPTION", { block: "allowed", read: readDescription }],
  ["ENGINE", setting("allowed")],
  ...[...ENGINE_OPTIONS.keys()].map((name): [string, Rule] => [name, setting("allowed")]),
  // Accepted by Tinybird, without effect.
  ...["PARTITION_KEY", "SORTING_KEY", "PRIMARY_KEY", "SAMPLING_KEY", "TTL"].map((name): [string, Rule] => [
    name,
    setting(),
  ]),
  ["TOKEN", token(["READ", "APPEND"])],
  ["TAGS", tags],
  ["SHARED_WITH", { block: "allowed", read: readSharedWith }],
  ["FORWARD_QUERY", { block: "required", read: readForwardQuery }],
  ["BACKFILL", { block: "refused", read: readBackfill }],
  ...CONNECTOR_INSTRUCTIONS.map((name): [string, Rule] => [name, setting()]),
  ["VERSION", ignored()],
  ["KAFKA_TARGET_PARTITIONS", ignored()],
  ["IMPORT_SERVICE", ignored(NO_SERVICE_NEEDED)],
  ["IMPORT_EXTERNAL_DATASOURCE", ignored()],
  ["EXPORT_SERVICE", ignored(NO_SERVICE_NEEDED)],
  ["SOURCE", refused("SOURCE has been deprecated")],
  ["INCLUDE", refused("INCLUDE is not supported yet")],
  [
    "IMPORT_STRATEGY",
    refused(
      "IMPORT_STRATEGY has been deprecated. The built-in default is 'append'. You can safely remove this setting from your Data Source file and the connection will be valid.",
    ),
  ],
  [
    "KAFKA_STORE_BINARY_HEADERS",
    refused(
      "KAFKA_STORE_BINARY_HEADERS has been deprecated. When KAFKA_STORE_HEADERS is True, __headers is always of type Map(String, String)",
    ),
  ],
]);

function readSchema(draft: DatasourceDraft, instruction: Instruction): void {
  if (instruction.block !== null) blockOf(instruction);
  draft.columns = parseSchema(instruction);
}

function readIndexes(draft: DatasourceDraft, instruction: Instruction): void {
  draft.indexes = parseIndexes(instruction);
}

function readDescription(draft: Draft, instruction: Instruction): void {
  draft.description = descriptionOf(instruction);
}

function readSharedWith(draft: DatasourceDraft, instruction: Instruction): void {
  const names = (instruction.block === null ? textOf(instruction) : blockOf(instruction)).split(/[\n,]/);
  for (const name of names.map((each) => each.trim())) {
    if (name !== "") draft.sharedWith.push(name);
  }
}

function readForwardQuery(draft: DatasourceDraft, instruction: Instruction): void {
  draft.forwardQuery = dedent(instruction.block?.text ?? "") || null;
}

function readBackfill(draft: Draft, instruction: Instruction): void {
  const value = textOf(instruction);
  if (value.toLowerCase() !== "skip") {
    const message = `${value} is not an allowed value for BACKFILL. Use one of: {'skip'}`;
    throw syntaxError(message, startOf(instruction));
  }
  draft.values.set("BACKFILL", value);
}

/** Reads a `.datasource` file; `text` is its content with the secrets filled in. */
export function parseDatasource(source: NamedSource, text: string): Parsed<Datasource> {
  const draft: DatasourceDraft = {
    ...emptyDraft(),
    columns: null,
    indexes: [],
    forwardQuery: null,
    sharedWith: [],
  };
  runInstructions("datasource", text, rules, draft);
  const { columns, description, indexes, tokens, forwardQuery, sharedWith, warnings } = draft;
  if (columns === null) throw validationError("SCHEMA is mandatory");
  const engine = readEngine(draft.values);
  checkEngine(engine, columns);
  const datafile: Datasource = {
    kind: "datasource",
    ...source,
    description,
    columns,
    engine,
    indexes,
    tokens,
    tags: draft.tags,
    operationalTags: draft.operationalTags.join("&") || null,
    sharedWith,
    forwardQuery,
    backfill: draft.values.get("BACKFILL") ?? null,
    ...readConnectors(draft.values),
  };
  return { datafile, warnings };
}

function readEngine(values: ReadonlyMap<string, string>): EngineClause | null {
  const type = values.get("ENGINE") ?? null;
  const options: Partial<Record<EngineOption, string>> = {};
  for (const [name, option] of ENGINE_OPTIONS) {
    const value = values.get(name);
    if (value !== undefined && !(option === "ttl" && value === "")) options[option] = value;
  }
  return type === null && Object.keys(options).length === 0 ? null : { type, ...options };
}

function checkEngine(engine: EngineClause | null, columns: readonly Column[]): void {
  const key = engine?.sortingKey ?? "";
  if (key === "" || key === "tuple()") return;
  const ver = engine?.type?.toLowerCase() === "replacingmergetree" ? engine.ver : undefined;
  const problem = (ver && checkVersionColumn(ver, key)) || checkSortingKey(key, columns);
  if (problem) throw validationError(problem);
}
