import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CATALOG_VERSION, Catalog, type CatalogFile, type WorkspaceRecord } from "./catalog.ts";
import type { Engine } from "./engine/engine.ts";
import { fault } from "./errors.ts";
import { IngestLog } from "./ingest/log/ingest-log.ts";
import { digest, mintToken, signingKey, type Token } from "./tokens.ts";
import { newWorkspaceRecord, Workspace, type WorkspaceContext } from "./workspace.ts";

export interface OrganizationOptions {
  readonly engine: Engine;
  /** Holds the catalog, the write-ahead logs and files while they are imported. */
  readonly dataDir: string;
  readonly now: () => Date;
  /** The moment of `now()` in every query. Default: the clock's. */
  readonly frozenAt?: Date;
  /** Told of each change of rows. Default: nobody. */
  readonly onOperation?: WorkspaceContext["onOperation"];
  /** Told what only a person can act on. Default: standard error. */
  readonly warn?: (line: string) => void;
  /** Tokens to use instead of new ones, as Tinybird Local takes them from its environment. */
  readonly userToken?: string;
  readonly workspaceToken?: string;
}

/** The workspace that exists from the start, under the name Tinybird Local gives it. */
export const DEFAULT_WORKSPACE = "Tinybird_Local_Testing";

/** Milliseconds that a start and an end wait for the engine to write the logs. */
const FLUSH_PATIENCE_MS = 20_000;

/** Printed inside tokens, where Tinybird has the name of a region. */
const TOKEN_HOST = "local";

/** All workspaces of one server, and the user who owns them. */
export class Organization {
  readonly id: string;
  readonly userId: string;
  readonly userToken: string;
  private readonly options: OrganizationOptions;
  private readonly catalog: Catalog;
  private readonly key: string;
  private readonly workspaces = new Map<string, Workspace>();
  readonly log: IngestLog;

  private constructor(options: OrganizationOptions, catalog: Catalog, file: CatalogFile) {
    this.options = options;
    const { dataDir, warn } = options;
    this.log = new IngestLog({ folder: join(dataDir, "log"), ...(warn && { warn }) });
    this.catalog = catalog;
    this.id = file.organizationId;
    this.userId = file.userId;
    this.userToken = options.userToken ?? file.userToken;
    this.key = file.signingKey;
    for (const record of file.workspaces) {
      this.workspaces.set(record.id, this.workspace(record));
    }
  }

  /** Opens the catalog of the data directory, or starts one with the default workspace. */
  static async open(options: OrganizationOptions): Promise<Organization> {
    const catalog = new Catalog(options.dataDir);
    const organization = new Organization(options, catalog, catalog.load() ?? newCatalog());
    if (organization.find(DEFAULT_WORKSPACE) === null) await organization.create(DEFAULT_WORKSPACE);
    organization.save();
    await organization.recover();
    return organization;
  }

  list(): readonly Workspace[] {
    return [...this.workspaces.values()];
  }

  /** A workspace by id or name. */
  find(idOrName: string): Workspace | null {
    const byId = this.workspaces.get(idOrName);
    return byId ?? this.list().find((workspace) => workspace.name === idOrName) ?? null;
  }

  get defaultWorkspace(): Workspace {
    const workspace = this.find(DEFAULT_WORKSPACE);
    if (workspace === null) throw fault("UNKNOWN_WORKSPACE", DEFAULT_WORKSPACE);
    return workspace;
  }

  /** @throws TinybirdError WORKSPACE_EXISTS */
  async create(name: string): Promise<Workspace> {
    if (this.find(name) !== null) throw fault("WORKSPACE_EXISTS", name);
    const preset = name === DEFAULT_WORKSPACE ? this.options.workspaceToken : undefined;
    const record = newWorkspaceRecord(name, this.options.now(), () => this.mint(), preset);
    const workspace = this.workspace(record);
    await workspace.createDatabase();
    this.workspaces.set(record.id, workspace);
    this.save();
    return workspace;
  }

  /** @throws TinybirdError UNKNOWN_WORKSPACE */
  async delete(id: string): Promise<void> {
    const workspace = this.find(id);
    if (workspace === null) throw fault("UNKNOWN_WORKSPACE", id);
    this.workspaces.delete(workspace.id);
    await workspace.dropDatabase();
    this.save();
  }

  /** Whose token this is; null when nobody's. */
  authenticate(secret: string): { workspace: Workspace; token: Token } | null {
    const wanted = digest(secret);
    for (const workspace of this.workspaces.values()) {
      const token = workspace.tokens.find(wanted);
      if (token !== null) return { workspace, token };
    }
    return null;
  }

  /** Writes what was acknowledged, if the engine lets it in time, and ends the logs. The rest stays for the next start. */
  async close(): Promise<void> {
    await Promise.all(this.list().map((workspace) => workspace.rows.jobs.stop()));
    await this.flushed();
    await this.log.stop();
  }

  /** Takes up what an earlier process left in the logs. */
  private async recover(): Promise<void> {
    for (const workspace of this.list()) {
      await workspace.createDatabase();
      await workspace.rows.recover();
    }
    await this.flushed();
  }

  /** The log is written to the tables, or cannot be for now: then the rows that are there are served all the same. */
  private async flushed(): Promise<void> {
    const ended = new AbortController();
    const late = sleep(FLUSH_PATIENCE_MS, undefined, { signal: ended.signal }).catch(() => undefined);
    await Promise.race([this.log.flush(), late]);
    ended.abort();
  }

  private workspace(record: WorkspaceRecord): Workspace {
    const { engine, dataDir, now, frozenAt = null, onOperation = () => undefined } = this.options;
    return new Workspace(record, {
      engine,
      log: this.log,
      importFolder: join(dataDir, "imports"),
      now,
      frozenAt,
      mint: () => this.mint(),
      save: () => this.save(),
      onOperation,
    });
  }

  private mint(): { id: string; token: string } {
    return mintToken(this.userId, TOKEN_HOST, this.key);
  }

  private save(): void {
    this.catalog.save({
      version: CATALOG_VERSION,
      organizationId: this.id,
      userId: this.userId,
      userToken: this.userToken,
      signingKey: this.key,
      workspaces: this.list().map((workspace) => workspace.record()),
    });
  }
}

function newCatalog(): CatalogFile {
  const userId = randomUUID();
  const key = signingKey();
  return {
    version: CATALOG_VERSION,
    organizationId: randomUUID(),
    userId,
    userToken: mintToken(userId, TOKEN_HOST, key).token,
    signingKey: key,
    workspaces: [],
  };
}
