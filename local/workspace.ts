import { randomUUID } from "node:crypto";
import { type BuildContext, type BuildOutcome, build, newName, type Served } from "./build.ts";
import type { WorkspaceRecord } from "./catalog.ts";
import type { DatafileSource, Problem } from "./datafile/index.ts";
import { Deployments, seedDeployment } from "./deployments.ts";
import type { Engine } from "./engine/engine.ts";
import { identifier } from "./engine/literal.ts";
import { fault } from "./errors.ts";
import type { IngestLog } from "./ingest/log/ingest-log.ts";
import type { StartedJob } from "./jobs.ts";
import { createServiceTables } from "./observe/service-tables.ts";
import type { Changes } from "./plan/changes.ts";
import type { NodeParameter } from "./plan/description.ts";
import { parseProject } from "./plan/project.ts";
import { dropTable, type Placement } from "./plan/statements.ts";
import type { DescribedColumn } from "./plan/view-columns.ts";
import { type Params, Queries } from "./queries.ts";
import { refillViews } from "./refill.ts";
import { Resources } from "./resources.ts";
import { type CopyMode, type Operation, Rows } from "./rows.ts";
import { Secrets } from "./secrets.ts";
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
export type { Explanation, Params } from "./queries.ts";
export type { DatasourceState, PipeState } from "./resources.ts";
export type { CopyMode, Operation } from "./rows.ts";
export type { Changes, DatafileSource, DescribedColumn, NodeParameter, Problem };

/** One problem with its place. */
export function problemLine({ path, line, message }: Problem): string {
  return `${path}${line === null ? "" : `:${line}`}: ${message}`;
}

export type BuildAnswer =
  | { readonly ok: true; readonly changes: Changes; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

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
  readonly secrets: Secrets;
  readonly resources: Resources;
  readonly queries: Queries;
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
    this.secrets = new Secrets(record.secrets, context);
    this.files = record.files;
    const { project } = parseProject(record.files, { secrets: this.secrets.values() });
    this.served = { project, datasources: record.datasources, pipes: record.pipes };
    const { engine } = context;
    const served = () => this.served;
    const secrets = () => this.secrets.values();
    const about = { engine, database: this.database, served };
    this.resources = new Resources({ ...about, secretNames: () => new Set(secrets().keys()) });
    this.queries = new Queries({ ...context, ...about, resources: this.resources, secrets });
    this.deployments = this.newDeployments(record);
    this.rows = new Rows({
      engine: context.engine,
      log: context.log,
      workspace: this.id,
      folder: context.importFolder,
      now: context.now,
      jobs: record.jobs ?? [],
      save: context.save,
      find: (nameOrId) => this.resources.find(nameOrId),
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
    const secrets = this.secrets.toRecord();
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
    const { pipe } = this.resources.pipe(name);
    const { select, copy } = this.queries.copySelect(pipe, params);
    const named = copy.targetDatasource ?? "";
    const target = this.resources.find(named);
    if (target === null) throw fault("UNKNOWN_DATASOURCE", named);
    const started = this.rows.copy(named, select, mode ?? (copy.mode === "replace" ? "replace" : "append"));
    return { started, target: target.record.id };
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
    const context = { engine, database: this.database, secrets: this.secrets.values(), now: now(), rows };
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

  private refill(name: string): Promise<void> {
    const { engine } = this.context;
    return refillViews(engine, this.served, { database: this.database, datasource: name });
  }

  private tokenNamed(name: string): string {
    return this.tokens.named(name)?.token ?? "";
  }
}
