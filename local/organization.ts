import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type BranchData, fillBranch } from "./branch.ts";
import { CATALOG_VERSION, Catalog, type CatalogFile, type WorkspaceRecord } from "./catalog.ts";
import type { Engine } from "./engine/engine.ts";
import { fault } from "./errors.ts";
import { IngestLog } from "./ingest/log/ingest-log.ts";
import type { StartedJob } from "./jobs.ts";
import {
  allows,
  type Credential,
  claimedWorkspace,
  digest,
  type JwtIssuer,
  type JwtRequest,
  mintToken,
  sameSecret,
  signingKey,
  signJwt,
  verifyJwt,
} from "./tokens/index.ts";
import { isUserToken, newWorkspaceRecord, Workspace, type WorkspaceContext } from "./workspace.ts";

export type { BranchData } from "./branch.ts";

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

/** How `tb test` names the workspaces that it makes and forgets. */
const TEST_WORKSPACE = /^Tinybird_Local_Test_/;

/** Milliseconds that such a workspace lives: longer than any run of tests. */
const TEST_WORKSPACE_LIFE_MS = 3_600_000;

/** Milliseconds that a start and an end wait for the engine to write the logs. */
const FLUSH_PATIENCE_MS = 20_000;

/** Printed inside tokens, where Tinybird has the name of a region. */
const TOKEN_HOST = "local";

/** Who calls: the user, who owns all workspaces, somebody with a token of one of them, or nobody with a reason. */
export type Identity =
  | { readonly kind: "user" }
  | { readonly kind: "member"; readonly workspace: Workspace; readonly credential: Credential }
  | { readonly kind: "nobody"; readonly reason: "INVALID_TOKEN" | "EXPIRED_TOKEN" };

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
    if (options.workspaceToken !== undefined)
      organization.defaultWorkspace.presetAdminToken(options.workspaceToken);
    organization.save();
    await organization.recover();
    await organization.expire();
    return organization;
  }

  list(): readonly Workspace[] {
    return [...this.workspaces.values()];
  }

  get now(): Date {
    return this.options.now();
  }

  /** A workspace by id, or by name when it is no branch: branches have names of their own in each workspace. */
  find(idOrName: string): Workspace | null {
    const byId = this.workspaces.get(idOrName);
    const isNamed = ({ name, main }: Workspace) => main === null && name === idOrName;
    return byId ?? this.list().find(isNamed) ?? null;
  }

  branchesOf(main: Workspace): readonly Workspace[] {
    return this.list().filter((workspace) => workspace.main === main.id);
  }

  /** A branch of a workspace, by name or id; null when there is none. */
  branch(main: Workspace, nameOrId: string): Workspace | null {
    return this.branchesOf(main).find(({ name, id }) => name === nameOrId || id === nameOrId) ?? null;
  }

  /** The workspace that a branch is of, and a workspace itself. */
  mainOf(workspace: Workspace): Workspace {
    return (workspace.main === null ? null : this.find(workspace.main)) ?? workspace;
  }

  get defaultWorkspace(): Workspace {
    const workspace = this.find(DEFAULT_WORKSPACE);
    if (workspace === null) throw fault("UNKNOWN_WORKSPACE", DEFAULT_WORKSPACE);
    return workspace;
  }

  /** @throws TinybirdError WORKSPACE_EXISTS */
  async create(name: string): Promise<Workspace> {
    await this.expire();
    if (this.find(name) !== null) throw fault("WORKSPACE_EXISTS", name);
    return this.open(name, null);
  }

  /**
   * A new workspace with the project and the secrets of another. Its rows and the rest of the work are a job of that
   * other one; when it fails the branch is gone.
   * @throws TinybirdError WORKSPACE_EXISTS
   */
  async createBranch(main: Workspace, name: string, data: BranchData): Promise<StartedJob> {
    if (this.branch(main, name) !== null) throw fault("WORKSPACE_EXISTS", name);
    const branch = await this.open(name, main.id);
    const subject = { kind: "branch", datasource: "", datasourceId: "" } as const;
    return main.rows.jobs.run(subject, async () => {
      try {
        return await fillBranch(this.options.engine, main, branch, data);
      } catch (error) {
        await this.delete(branch.id);
        throw error;
      }
    });
  }

  /** Removes a workspace with its branches. @throws TinybirdError UNKNOWN_WORKSPACE, DEFAULT_WORKSPACE */
  async delete(id: string): Promise<void> {
    const workspace = this.find(id);
    if (workspace === null) throw fault("UNKNOWN_WORKSPACE", id);
    if (workspace === this.defaultWorkspace) throw fault("DEFAULT_WORKSPACE", workspace.name);
    const gone = [workspace, ...this.branchesOf(workspace)];
    for (const each of gone) this.workspaces.delete(each.id);
    for (const each of gone) await each.dropDatabase();
    this.save();
  }

  /** Removes the workspaces that runs of `tb test` left behind more than an hour ago. */
  async expire(): Promise<void> {
    const born = new Date(this.now.getTime() - TEST_WORKSPACE_LIFE_MS).toISOString();
    const old = this.list().filter(({ name, createdAt }) => TEST_WORKSPACE.test(name) && createdAt < born);
    for (const workspace of old) if (this.workspaces.has(workspace.id)) await this.delete(workspace.id);
  }

  /** Who shows this secret. */
  async identify(secret: string): Promise<Identity> {
    if (sameSecret(secret, this.userToken)) return { kind: "user" };
    const wanted = digest(secret);
    for (const workspace of this.workspaces.values()) {
      const token = workspace.tokens.find(wanted);
      if (token !== null) return { kind: "member", workspace, credential: token };
    }
    return this.identifyJwt(secret);
  }

  /** A JWT of a workspace, signed as its admin's token allows. */
  signJwt(workspace: Workspace, request: JwtRequest): Promise<string> {
    return signJwt(request, issuerOf(workspace));
  }

  private async identifyJwt(jwt: string): Promise<Identity> {
    const claimed = claimedWorkspace(jwt);
    const workspace = claimed === null ? undefined : this.workspaces.get(claimed);
    if (workspace === undefined) return { kind: "nobody", reason: "INVALID_TOKEN" };
    const verified = await verifyJwt(jwt, issuerOf(workspace), this.now);
    return typeof verified === "string"
      ? { kind: "nobody", reason: verified }
      : { kind: "member", workspace, credential: verified };
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

  private async open(name: string, main: string | null): Promise<Workspace> {
    const record = newWorkspaceRecord(name, this.now, () => this.mint());
    const workspace = this.workspace({ ...record, main });
    await workspace.createDatabase();
    this.workspaces.set(record.id, workspace);
    this.save();
    return workspace;
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

/** Whether somebody is the user, with the token of a workspace that stands for him. */
export function isUser({ credential }: Extract<Identity, { kind: "member" }>): boolean {
  return isUserToken(credential) && allows(credential, "ADMIN");
}

function issuerOf({ id, adminToken }: Workspace): JwtIssuer {
  return { workspaceId: id, adminToken };
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
