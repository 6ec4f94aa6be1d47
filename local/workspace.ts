import { randomUUID } from "node:crypto";
import { type BuildContext, type BuildOutcome, build, catalogOf, newName, type Served } from "./build.ts";
import type { PipeRecord, SecretRecord, TableRecord, WorkspaceRecord } from "./catalog.ts";
import {
  columnType,
  type DatafileSource,
  type Datasource,
  hideSecrets,
  type Pipe,
  type Problem,
} from "./datafile/index.ts";
import { Deployments, seedDeployment } from "./deployments.ts";
import { type Engine, EngineError, type QueryResult, rowsOf } from "./engine/engine.ts";
import { identifier, literal } from "./engine/literal.ts";
import { fault, TinybirdError } from "./errors.ts";
import type { IngestLog } from "./ingest/log/ingest-log.ts";
import type { StartedJob } from "./jobs.ts";
import { createServiceTables } from "./observe/service-tables.ts";
import type { Changes } from "./plan/changes.ts";
import { freezeClock } from "./plan/clock.ts";
import { describeNode, type NodeDescription, type NodeParameter } from "./plan/description.ts";
import { parseProject } from "./plan/project.ts";
import { outputNode, type Reading, selectOfNode, selectOfPipe, selectOfStatement } from "./plan/select.ts";
import { dropTable, type Placement, quarantineOf, schemaText } from "./plan/statements.ts";
import { readTables } from "./plan/tables.ts";
import type { DescribedColumn } from "./plan/view-columns.ts";
import { refillViews } from "./refill.ts";
import { type CopyMode, type Operation, type PlacedDatasource, Rows } from "./rows.ts";
import { withKnownNames } from "./served.ts";
import { type Credential, datafileTokens, type Mint, type Token, TokenStore } from "./tokens/index.ts";

export interface WorkspaceContext {
  readonly engine: Engine;
  readonly log: IngestLog;
  /** Holds files while they are imported. */
  readonly importFolder: string;
  readonly now: () => Date;
  /** The moment of `now()` in every query; null for the clock's. */
  readonly frozenAt: Date | null;
  readonly mint: Mint;
  /** Called after each change that must survive a restart. */
  readonly save: () => void;
  /** Told of each change of rows. */
  readonly onOperation: (workspace: Workspace, operation: Operation) => void;
}

export type { DeployAnswer, DeploymentRecord } from "./deployments.ts";
export type { ImportFile, ImportFormat } from "./ingest/import.ts";
export type { Reading } from "./plan/select.ts";
export type { CopyMode, Operation } from "./rows.ts";
export type { Changes, DatafileSource, DescribedColumn, NodeParameter, Problem };

/** One problem with its place. */
export function problemLine({ path, line, message }: Problem): string {
  return `${path}${line === null ? "" : `:${line}`}: ${message}`;
}

export type BuildAnswer =
  | { readonly ok: true; readonly changes: Changes; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A data source with its figures. */
export interface DatasourceState {
  readonly datasource: Datasource;
  readonly record: TableRecord;
  readonly schema: { readonly text: string; readonly types: readonly string[] };
  readonly rows: number;
  readonly bytes: number;
  readonly quarantinedRows: number;
}

export interface PipeState {
  readonly pipe: Pipe;
  readonly record: PipeRecord;
  /** The id of the data source that it fills or copies to; null for none. */
  readonly targetId: string | null;
  /** What can be told of each of its nodes, in order. */
  readonly nodes: readonly NodeDescription[];
}

/** What a pipe comes to for a request. */
export interface Explanation {
  readonly query: string;
  readonly plan: string;
}

/** Values of a request by parameter name. */
export type Params = Readonly<Record<string, unknown>>;

/** Names of the two tokens that a workspace starts with, as Tinybird Local has them. */
const ADMIN_TOKENS = ["workspace admin token", "admin local_testing@tinybird.co"] as const;

/** Whether a token is one that a workspace starts with: its scopes stay, and it is not removed. */
export function isBuiltIn(token: Credential): boolean {
  return ADMIN_TOKENS.some((name) => name === token.name);
}

/** Whether a token has the name of the one that stands for the user. */
export function isUserToken(token: Credential): boolean {
  return token.name === ADMIN_TOKENS[1];
}

/** ClickHouse's numbers for a statement that ran past its time limit. */
const TIMEOUT_CODES: ReadonlySet<number | null> = new Set([159, 160]);

/** What a new workspace starts from. */
export function newWorkspaceRecord(name: string, now: Date, mint: Mint): WorkspaceRecord {
  const tokens = ADMIN_TOKENS.map(
    (tokenName): Token => ({ ...mint(), name: tokenName, scopes: [{ type: "ADMIN" }], origin: "C" }),
  );
  const empty = { secrets: {}, files: [], datasources: {}, pipes: {} };
  return { id: randomUUID(), name, database: newName("w"), createdAt: now.toISOString(), tokens, ...empty };
}

/** One workspace: the project that it serves, its rows, tokens, secrets and jobs. Knows no HTTP. */
export class Workspace {
  readonly id: string;
  readonly name: string;
  /** The id of the workspace that this one is a branch of; null when it is none. */
  readonly main: string | null;
  readonly createdAt: string;
  readonly tokens: TokenStore;
  readonly rows: Rows;
  private readonly context: WorkspaceContext;
  /** The ClickHouse database of its tables. */
  readonly database: string;
  private readonly secrets: Map<string, SecretRecord>;
  private files: readonly DatafileSource[];
  private served: Served;
  readonly deployments: Deployments;
  /** Builds wait for each other; what is served changes only at the end of one. */
  private building: Promise<unknown> = Promise.resolve();

  constructor(record: WorkspaceRecord, context: WorkspaceContext) {
    this.id = record.id;
    this.name = record.name;
    this.main = record.main ?? null;
    this.createdAt = record.createdAt;
    this.database = record.database;
    this.context = context;
    this.tokens = new TokenStore(record.tokens, context);
    this.secrets = new Map(Object.entries(record.secrets));
    this.files = record.files;
    const { project } = parseProject(record.files, { secrets: this.secretValues() });
    this.served = { project, datasources: record.datasources, pipes: record.pipes };
    this.deployments = this.newDeployments(record);
    this.rows = new Rows({
      engine: context.engine,
      log: context.log,
      workspace: this.id,
      folder: context.importFolder,
      now: context.now,
      jobs: record.jobs ?? [],
      save: context.save,
      find: (nameOrId) => this.find(nameOrId),
      refill: (name) => this.refill(name),
      record: (operation) => context.onOperation(this, operation),
    });
  }

  private newDeployments(record: WorkspaceRecord): Deployments {
    const { now, save } = this.context;
    return new Deployments(
      {
        live: () => this.served,
        database: this.database,
        build: (files, rows) => this.buildBeside(files, rows),
        install: (files, outcome) => this.install(files, outcome),
        drop: (places) => this.drop(places),
        quietly: (work) => this.inTurn(() => this.quietly(work)),
        now,
        save,
      },
      record.deployments ?? [seedDeployment(now())],
      record.staging ?? null,
    );
  }

  record(): WorkspaceRecord {
    const { id, name, main, createdAt, database, files } = this;
    const { datasources, pipes } = this.served;
    const secrets = Object.fromEntries(this.secrets);
    const kept = { secrets, tokens: this.tokens.list(), jobs: this.rows.jobs.records() };
    const more = this.deployments.toRecord();
    return { id, name, main, createdAt, database, files, datasources, pipes, ...kept, ...more };
  }

  /** The token that clients use as the workspace's own. */
  get adminToken(): string {
    return this.tokenNamed(ADMIN_TOKENS[0]);
  }

  presetAdminToken(secret: string): void {
    const token = this.tokens.named(ADMIN_TOKENS[0]);
    if (token !== null) this.tokens.preset(token, secret);
  }

  /** The token of the workspace's one user. */
  get userAdminToken(): string {
    return this.tokenNamed(ADMIN_TOKENS[1]);
  }

  async createDatabase(): Promise<void> {
    const { engine } = this.context;
    await engine.command(`CREATE DATABASE IF NOT EXISTS ${identifier(this.database)}`);
    for (const statement of createServiceTables(this.database)) await engine.command(statement);
  }

  async dropDatabase(): Promise<void> {
    await this.rows.jobs.stop();
    await this.context.log.remove(this.id);
    await this.context.engine.command(`DROP DATABASE IF EXISTS ${identifier(this.database)} SYNC`);
  }

  /** Puts a whole project in the place of the served one, or changes nothing and says why. */
  build(files: readonly DatafileSource[]): Promise<BuildAnswer> {
    return this.inTurn(() => this.buildNow(files));
  }

  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.building.then(work);
    this.building = mine.catch(() => undefined);
    return mine;
  }

  /**
   * Runs a copy pipe.
   * @param mode instead of the one that the pipe names
   * @returns the job, and the id of the data source that it writes to
   * @throws TinybirdError UNKNOWN_PIPE, NOT_A_COPY, UNKNOWN_DATASOURCE, TEMPLATE …
   */
  copy(name: string, params: Params, mode: CopyMode | null): { started: StartedJob; target: string } {
    const { pipe } = this.pipe(name);
    const { copy, type } = outputNode(pipe);
    if (type !== "copy" || copy?.targetDatasource == null) throw fault("NOT_A_COPY", name, pipe.type);
    const target = this.find(copy.targetDatasource);
    if (target === null) throw fault("UNKNOWN_DATASOURCE", copy.targetDatasource);
    const select = selectOfPipe(pipe, this.request(params), this.catalog());
    const started = this.rows.copy(
      copy.targetDatasource,
      select,
      mode ?? (copy.mode === "replace" ? "replace" : "append"),
    );
    return { started, target: target.record.id };
  }

  /**
   * Answers an endpoint.
   * @param format a ClickHouse output format
   * @throws TinybirdError UNKNOWN_ENDPOINT, NOT_AN_ENDPOINT, TEMPLATE, QUERY …
   */
  async query(name: string, params: Params, format: string, signal?: AbortSignal): Promise<QueryResult> {
    const pipe = this.endpoint(name);
    return this.read(selectOfPipe(pipe, this.request(params), this.catalog()), format, signal);
  }

  /** The pipe of an endpoint. @throws TinybirdError UNKNOWN_ENDPOINT, NOT_AN_ENDPOINT */
  endpoint(name: string): Pipe {
    const pipe = this.served.project.pipes.get(name);
    if (pipe === undefined) throw fault("UNKNOWN_ENDPOINT", name);
    if (outputNode(pipe).type !== "endpoint") throw fault("NOT_AN_ENDPOINT", name, pipe.type);
    return pipe;
  }

  /**
   * The SELECT that a pipe, or one node of it, comes to for a request, and ClickHouse's plan for it; both with the
   * names of resources in place of those of tables, and without secrets.
   * @throws TinybirdError UNKNOWN_PIPE, TEMPLATE, QUERY …
   */
  async explain(name: string, nodeName: string | null, params: Params): Promise<Explanation> {
    const { pipe } = this.pipe(name);
    const node = nodeName === null ? outputNode(pipe) : pipe.nodes.find((each) => each.name === nodeName);
    if (node === undefined) throw fault("UNKNOWN_PIPE", `${name}.${nodeName}`);
    const select = selectOfNode(pipe, node, this.request(params), this.catalog());
    const { bytes } = await this.read(`EXPLAIN ${select}`, "TSVRaw");
    return { query: this.forReaders(select), plan: this.forReaders(new TextDecoder().decode(bytes)) };
  }

  /**
   * Answers a caller's own SELECT.
   * @param pipeline the pipe that `_` stands for.
   * @throws TinybirdError
   */
  async sql(
    statement: string,
    options: { params: Params; reading: Reading; format: string; pipeline?: string; signal?: AbortSignal },
  ): Promise<QueryResult & { format: string }> {
    const underscore = options.pipeline === undefined ? null : this.pipeNamed(options.pipeline);
    const { sql, format } = selectOfStatement(statement, this.request(options.params), this.catalog(), {
      reading: options.reading,
      ...(underscore && { underscore }),
    });
    const used = format ?? options.format;
    return { ...(await this.read(sql, used, options.signal)), format: used };
  }

  /** Every data source with its figures, by name. */
  async datasources(): Promise<DatasourceState[]> {
    const figures = await this.figures();
    return [...this.served.project.datasources.values()].flatMap((datasource) => {
      const record = this.served.datasources[datasource.name];
      return record === undefined ? [] : [stateOf(datasource, record, figures)];
    });
  }

  /** One data source by name or id. @throws TinybirdError UNKNOWN_DATASOURCE */
  async datasource(nameOrId: string): Promise<DatasourceState> {
    const found = this.find(nameOrId);
    if (found === null) throw fault("UNKNOWN_DATASOURCE", nameOrId);
    return stateOf(found.datasource, found.record, await this.figures());
  }

  datasourceNames(): readonly string[] {
    return [...this.served.project.datasources.keys()];
  }

  /** The name of a data source given by name or id; null when there is none. */
  datasourceName(nameOrId: string): string | null {
    if (this.served.datasources[nameOrId] !== undefined) return nameOrId;
    const found = Object.entries(this.served.datasources).find(([, record]) => record.id === nameOrId);
    return found?.[0] ?? null;
  }

  pipes(): PipeState[] {
    return [...this.served.project.pipes.values()].flatMap((pipe) => {
      const record = this.served.pipes[pipe.name];
      if (record === undefined) return [];
      const output = outputNode(pipe);
      const target = output.datasource ?? output.copy?.targetDatasource ?? "";
      const targetId = this.served.datasources[target]?.id ?? null;
      return [{ pipe, record, targetId, nodes: this.describe(pipe) }];
    });
  }

  /** The id of a data source; null when there is none of that name. */
  datasourceId(name: string): string | null {
    return this.served.datasources[name]?.id ?? null;
  }

  /** The id of a pipe; null when there is none of that name. Describes nothing: every request asks for it. */
  pipeId(name: string): string | null {
    return this.served.pipes[name]?.id ?? null;
  }

  /** The name of a pipe given by name or id; null when there is none. */
  pipeName(nameOrId: string): string | null {
    if (this.served.pipes[nameOrId] !== undefined) return nameOrId;
    const found = Object.entries(this.served.pipes).find(([, record]) => record.id === nameOrId);
    return found?.[0] ?? null;
  }

  /** One pipe by name or id. @throws TinybirdError UNKNOWN_PIPE */
  pipe(nameOrId: string): PipeState {
    const found = this.pipes().find(({ pipe, record }) => pipe.name === nameOrId || record.id === nameOrId);
    if (found === undefined) throw fault("UNKNOWN_PIPE", nameOrId);
    return found;
  }

  /** The columns that a pipe answers, as ClickHouse describes them; none when only a request makes it whole. */
  async columns(pipe: Pipe): Promise<readonly DescribedColumn[]> {
    try {
      const select = selectOfPipe(pipe, { ...this.request({}), check: true }, this.catalog());
      return rowsOf<DescribedColumn>(await this.context.engine.query(`DESCRIBE (${select}\n)`));
    } catch (error) {
      if (error instanceof EngineError || error instanceof TinybirdError) return [];
      throw error;
    }
  }

  private describe(pipe: Pipe): readonly NodeDescription[] {
    const secrets = new Set(this.secrets.keys());
    return pipe.nodes.map((node) => describeNode(node, secrets));
  }

  connections(): readonly { readonly name: string; readonly type: string }[] {
    return [...this.served.project.connections.values()].map(({ name, type }) => ({
      name,
      type: type ?? "",
    }));
  }

  /** The data sources that views fill from one, and from those. */
  filledFrom(name: string): readonly string[] {
    const targets = this.pipes().flatMap(({ pipe, nodes }) => {
      const output = outputNode(pipe);
      const reads = nodes.some(({ dependencies }) => dependencies.includes(name));
      return output.type === "materialized" && output.datasource !== undefined && reads
        ? [output.datasource]
        : [];
    });
    return [
      ...new Set(targets.flatMap((target) => (target === null ? [] : [target, ...this.filledFrom(target)]))),
    ];
  }

  /** The names that a statement reads. @throws TinybirdError SQL_SYNTAX */
  tablesOf(statement: string): readonly string[] {
    return [...new Set(readTables(statement).map(({ table }) => table))];
  }

  /** Names and dates of the secrets; never their values. */
  secretNames(): { name: string; createdAt: string; updatedAt: string }[] {
    return [...this.secrets].map(([name, { createdAt, updatedAt }]) => ({ name, createdAt, updatedAt }));
  }

  setSecret(name: string, value: string): void {
    const now = this.context.now().toISOString();
    this.secrets.set(name, { value, createdAt: this.secrets.get(name)?.createdAt ?? now, updatedAt: now });
    this.context.save();
  }

  deleteSecret(name: string): boolean {
    const known = this.secrets.delete(name);
    this.context.save();
    return known;
  }

  private async buildNow(files: readonly DatafileSource[]): Promise<BuildAnswer> {
    return this.quietly(async () => {
      const outcome = await this.buildBeside(files, "leave");
      if (!outcome.ok) return outcome;
      await this.install(files, outcome);
      return { ok: true, changes: outcome.changes, warnings: outcome.warnings };
    });
  }

  /** While tables are exchanged no segment is written; events go on being acknowledged. */
  private quietly<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.rows.quietly(Object.keys(this.served.datasources), work);
  }

  private buildBeside(files: readonly DatafileSource[], rows: BuildContext["rows"]): Promise<BuildOutcome> {
    const { engine, now } = this.context;
    const context = { engine, database: this.database, secrets: this.secretValues(), now: now(), rows };
    return build(files, this.served, context);
  }

  private async install(
    files: readonly DatafileSource[],
    outcome: BuildOutcome & { ok: true },
  ): Promise<void> {
    this.served = outcome.served;
    this.files = files;
    const { datasources, pipes } = outcome.served.project;
    const datafiles = [...datasources.values(), ...pipes.values()];
    this.tokens.replaceDatafileTokens(datafileTokens(datafiles, this.tokens.list(), this.context.mint));
    this.context.save();
    await this.drop(outcome.retired);
  }

  private async drop(places: readonly Placement[]): Promise<void> {
    for (const place of places) await this.context.engine.command(dropTable(place));
  }

  /** Runs a SELECT and words ClickHouse's refusal with the names that the caller knows. */
  private async read(sql: string, format: string, signal?: AbortSignal): Promise<QueryResult> {
    const { engine, frozenAt } = this.context;
    try {
      const timely = frozenAt === null ? sql : freezeClock(sql, frozenAt);
      return await engine.query(timely, { format, ...(signal && { signal }) });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      const message = this.forReaders(error.message);
      throw fault(TIMEOUT_CODES.has(error.clickhouseCode) ? "QUERY_TIMEOUT" : "QUERY", message);
    }
  }

  private forReaders(text: string): string {
    return hideSecrets(withKnownNames(text, this.served.datasources, this.database), this.secretValues());
  }

  private request(params: Params) {
    return { params, secrets: new Set(this.secrets.keys()), now: this.context.now };
  }

  private catalog() {
    return catalogOf(this.served, this.database, this.secretValues());
  }

  /** A data source by name or id; null when there is none. */
  private find(nameOrId: string): PlacedDatasource | null {
    const name = this.datasourceName(nameOrId) ?? nameOrId;
    const datasource = this.served.project.datasources.get(name);
    const record = this.served.datasources[name];
    if (datasource === undefined || record === undefined) return null;
    return { datasource, record, place: { database: this.database, table: record.table } };
  }

  private refill(name: string): Promise<void> {
    const { engine } = this.context;
    return refillViews(engine, this.served, { database: this.database, datasource: name });
  }

  private pipeNamed(name: string): Pipe {
    return this.pipe(name).pipe;
  }

  /** Rows and bytes on disk, by table. */
  private async figures(): Promise<ReadonlyMap<string, Figures>> {
    const result = await this.context.engine.query(`
SELECT name, total_rows AS rows, total_bytes AS bytes
FROM system.tables
WHERE database = ${literal(this.database)}`);
    return new Map(rowsOf<Figures & { name: string }>(result).map((row) => [row.name, row]));
  }

  private secretValues(): ReadonlyMap<string, string> {
    return new Map([...this.secrets].map(([name, { value }]) => [name, value]));
  }

  private tokenNamed(name: string): string {
    return this.tokens.named(name)?.token ?? "";
  }
}

interface Figures {
  readonly rows: number;
  readonly bytes: number;
}

function stateOf(
  datasource: Datasource,
  record: TableRecord,
  figures: ReadonlyMap<string, Figures>,
): DatasourceState {
  const own = figures.get(record.table);
  const quarantine = figures.get(quarantineOf({ database: "", table: record.table }).table);
  const schema = { text: schemaText(datasource), types: datasource.columns.map(columnType) };
  const counts = { rows: own?.rows ?? 0, bytes: own?.bytes ?? 0, quarantinedRows: quarantine?.rows ?? 0 };
  return { datasource, record, schema, ...counts };
}
