import type { BuildOutcome } from "./build.ts";
import type { DeploymentRecord, StagingRecord } from "./catalog.ts";
import type { DatafileSource, Problem } from "./datafile/index.ts";
import { fault } from "./errors.ts";
import type { Changes } from "./plan/changes.ts";
import { parseProject } from "./plan/project.ts";
import type { Placement } from "./plan/statements.ts";
import { retiredPlaces, type Served } from "./served.ts";

export type { DeploymentRecord } from "./catalog.ts";

/** Deployments that are gone and can still be asked for. */
const KEPT_DELETED = 20;

export interface DeployOptions {
  /** Only finds out whether the project could be deployed. */
  readonly isCheck: boolean;
  /** Puts it in place at once; otherwise it stays in staging. */
  readonly promotes: boolean;
  readonly allowsDestructive: boolean;
}

export type DeployAnswer =
  | { readonly kind: "failed"; readonly problems: readonly Problem[] }
  | { readonly kind: "none" }
  | {
      readonly kind: "deployed";
      readonly deployment: DeploymentRecord;
      readonly warnings: readonly string[];
    };

/** What deployments ask of their workspace. */
export interface DeploymentSite {
  readonly live: () => Served;
  readonly database: string;
  /** Builds beside what is live. */
  readonly build: (files: readonly DatafileSource[], rows: "move" | "check") => Promise<BuildOutcome>;
  /** Puts a build in the place of what is live. */
  readonly install: (files: readonly DatafileSource[], outcome: BuildOutcome & { ok: true }) => Promise<void>;
  readonly drop: (places: readonly Placement[]) => Promise<void>;
  /** Does some work while no rows are written; events go on being acknowledged. */
  readonly quietly: <Result>(work: () => Promise<Result>) => Promise<Result>;
  readonly now: () => Date;
  readonly save: () => void;
}

/** The deployments of a workspace: one is live, one more may be in staging beside it. */
export class Deployments {
  private readonly site: DeploymentSite;
  private records: readonly DeploymentRecord[];
  private staged: StagingRecord | null;

  constructor(site: DeploymentSite, records: readonly DeploymentRecord[], staged: StagingRecord | null) {
    this.site = site;
    this.records = records;
    this.staged = staged;
  }

  /** What has to survive a restart. */
  toRecord(): { readonly deployments: readonly DeploymentRecord[]; readonly staging: StagingRecord | null } {
    return { deployments: this.records, staging: this.staged };
  }

  /** Live first, then what is in staging; those that are gone only when asked for. */
  list(withDeleted = false): readonly DeploymentRecord[] {
    return withDeleted ? this.records : this.records.filter(({ status }) => status !== "deleted");
  }

  /** @throws TinybirdError UNKNOWN_DEPLOYMENT */
  find(id: string): DeploymentRecord {
    const found = this.records.find((record) => record.id === id);
    if (found === undefined) throw fault("UNKNOWN_DEPLOYMENT", id);
    return found;
  }

  /** What is served to calls that name the deployment in staging; null when there is none. */
  staging(secrets: ReadonlyMap<string, string>): Served | null {
    if (this.staged === null) return null;
    const { project } = parseProject(this.staged.files, { secrets });
    return { project, datasources: this.staged.datasources, pipes: this.staged.pipes };
  }

  /** @throws TinybirdError STAGING_EXISTS */
  deploy(files: readonly DatafileSource[], options: DeployOptions): Promise<DeployAnswer> {
    const waiting = this.list().find(({ live }) => !live);
    if (waiting !== undefined && !options.isCheck) throw fault("STAGING_EXISTS", waiting.id);
    return this.site.quietly(() => this.deployNow(files, options));
  }

  /** Puts the deployment in staging in place: its tables get the rows that came since it was made. */
  promote(id: string): Promise<DeploymentRecord> {
    const { staged } = this;
    if (this.find(id).live) return Promise.resolve(this.find(id));
    if (staged?.id !== id) throw fault("NOT_IN_STAGING", id);
    return this.site.quietly(async () => {
      await this.dropStaging(staged);
      const outcome = await this.site.build(staged.files, "move");
      if (!outcome.ok) throw fault("BUILD_FAILED", outcome.problems.map(({ message }) => message).join("\n"));
      await this.site.install(staged.files, outcome);
      this.goLive(id);
      return this.find(id);
    });
  }

  /** Takes the deployment in staging away. One that is gone already stays as it is. */
  async discard(id: string): Promise<DeploymentRecord> {
    const record = this.find(id);
    if (record.live) throw fault("NOT_IN_STAGING", id);
    if (this.staged?.id === id) await this.dropStaging(this.staged);
    this.replace({ ...record, status: "deleted" });
    return this.find(id);
  }

  private async deployNow(files: readonly DatafileSource[], options: DeployOptions): Promise<DeployAnswer> {
    const outcome = await this.site.build(files, options.isCheck ? "check" : "move");
    if (!outcome.ok) return { kind: "failed", problems: outcome.problems };
    const own = retiredPlaces(outcome.served, this.site.live(), this.site.database);
    const deleted = outcome.changes.datasources.deleted;
    if (deleted.length > 0 && !options.allowsDestructive) {
      await this.site.drop(own);
      return { kind: "failed", problems: deleted.map((name) => destructive(name)) };
    }
    if (isEmpty(outcome.changes)) {
      await this.site.drop(own);
      return { kind: "none" };
    }
    const deployment = this.recordOf(outcome);
    if (options.isCheck) await this.site.drop(own);
    else await this.accept(files, outcome, deployment, options.promotes);
    const kept = options.isCheck ? deployment : this.find(deployment.id);
    return { kind: "deployed", deployment: kept, warnings: outcome.warnings };
  }

  private async accept(
    files: readonly DatafileSource[],
    outcome: BuildOutcome & { ok: true },
    deployment: DeploymentRecord,
    promotes: boolean,
  ): Promise<void> {
    this.records = [...this.records, deployment];
    if (promotes) {
      await this.site.install(files, outcome);
      this.goLive(deployment.id);
    } else {
      const { datasources, pipes } = outcome.served;
      this.staged = { id: deployment.id, files, datasources, pipes };
      this.site.save();
    }
  }

  private recordOf({ changes, moved }: BuildOutcome & { ok: true }): DeploymentRecord {
    const last = Math.max(0, ...this.records.map(({ id }) => Number(id)));
    return {
      id: String(last + 1),
      status: "data_ready",
      live: false,
      createdAt: this.site.now().toISOString(),
      changes,
      moved,
    };
  }

  private goLive(id: string): void {
    const records = this.records.map((record): DeploymentRecord => {
      if (record.id === id) return { ...record, live: true };
      return record.live ? { ...record, live: false, status: "deleted" } : record;
    });
    const gone = records.filter(({ status }) => status === "deleted").slice(0, -KEPT_DELETED);
    this.records = records.filter((record) => !gone.includes(record));
    this.staged = null;
    this.site.save();
  }

  private async dropStaging(staged: StagingRecord): Promise<void> {
    const project = { datasources: new Map(), pipes: new Map(), connections: new Map() };
    const served = { project, datasources: staged.datasources, pipes: staged.pipes };
    this.staged = null;
    await this.site.drop(retiredPlaces(served, this.site.live(), this.site.database));
    this.site.save();
  }

  private replace(record: DeploymentRecord): void {
    this.records = this.records.map((each) => (each.id === record.id ? record : each));
    this.site.save();
  }
}

/** What a workspace begins with, so that a first deployment has one to replace. */
export function seedDeployment(now: Date): DeploymentRecord {
  const none = { added: [], changed: [], deleted: [] };
  const changes: Changes = { datasources: none, pipes: none, connections: none };
  return { id: "0", status: "data_ready", live: true, createdAt: now.toISOString(), changes, moved: [] };
}

function destructive(name: string): Problem {
  const { message } = fault("DESTRUCTIVE", [name]);
  return { path: `${name}.datasource`, line: null, pos: null, message, hint: null, kind: "validation" };
}

function isEmpty({ datasources, pipes, connections }: Changes): boolean {
  return [datasources, pipes, connections].every(
    ({ added, changed, deleted }) => added.length + changed.length + deleted.length === 0,
  );
}
