import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DatafileSource } from "./datafile/index.ts";
import { fault } from "./errors.ts";
import type { JobRecord } from "./jobs.ts";
import type { Changes } from "./plan/changes.ts";
import type { Token } from "./tokens/index.ts";

/** What survives a restart, beside the tables themselves: one JSON file in the data directory. */
export interface CatalogFile {
  readonly version: typeof CATALOG_VERSION;
  readonly organizationId: string;
  readonly userId: string;
  readonly userToken: string;
  readonly signingKey: string;
  readonly workspaces: readonly WorkspaceRecord[];
}

export interface WorkspaceRecord {
  readonly id: string;
  readonly name: string;
  /** The id of the workspace that this one is a branch of. Default: it is none. */
  readonly main?: string | null;
  /** The last jobs, oldest first. Default: none. */
  readonly jobs?: readonly JobRecord[];
  /** The ClickHouse database that holds its tables. */
  readonly database: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly tokens: readonly Token[];
  readonly secrets: Readonly<Record<string, SecretRecord>>;
  readonly files: readonly DatafileSource[];
  readonly datasources: Readonly<Record<string, TableRecord>>;
  readonly pipes: Readonly<Record<string, PipeRecord>>;
  /** Oldest first. None in a catalog of before there were deployments. */
  readonly deployments?: readonly DeploymentRecord[];
  readonly staging?: StagingRecord | null;
}

/** A project that was deployed, or waits in staging. */
export interface DeploymentRecord {
  /** A number as text, counted from 1; 0 is what a workspace begins with. */
  readonly id: string;
  readonly status: "data_ready" | "deleted";
  readonly live: boolean;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly changes: Changes;
  /** Data sources whose rows went to a new table. */
  readonly moved: readonly { readonly datasource: string; readonly byQuery: boolean }[];
}

/** What is in staging: the files, and where its tables and views live. */
export interface StagingRecord {
  readonly id: string;
  readonly files: readonly DatafileSource[];
  readonly datasources: Readonly<Record<string, TableRecord>>;
  readonly pipes: Readonly<Record<string, PipeRecord>>;
}

export interface SecretRecord {
  readonly value: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Identity and place of a data source. `id` stays when a changed schema moves the rows to another table. */
export interface TableRecord {
  readonly id: string;
  readonly table: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface PipeRecord {
  readonly id: string;
  /** The ClickHouse name of its materialized view. */
  readonly view?: string;
  /** The SELECT of that view, to see whether a build changes it. */
  readonly viewSelect?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Raised when the shape of the file changes; an older file is refused with words. */
export const CATALOG_VERSION = 1;

/** The catalog holds tokens: only its owner may read it. */
const OWNER_ONLY = 0o600;

/** Reads and writes the catalog of a data directory. */
export class Catalog {
  private readonly path: string;

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true });
    this.path = join(dataDir, "catalog.json");
  }

  /** @throws TinybirdError when the file is not a catalog of this version. */
  load(): CatalogFile | null {
    if (!existsSync(this.path)) return null;
    const file = this.parse();
    if (file.version !== CATALOG_VERSION)
      throw fault("CATALOG_VERSION", this.path, file.version, CATALOG_VERSION);
    return file;
  }

  /** Writes beside the old file first, so that a crash leaves one whole catalog. */
  save(file: CatalogFile): void {
    const fresh = `${this.path}.new`;
    writeFileSync(fresh, JSON.stringify(file, null, 1), { mode: OWNER_ONLY, flush: true });
    renameSync(fresh, this.path);
  }

  private parse(): CatalogFile {
    try {
      return JSON.parse(readFileSync(this.path, "utf8")) as CatalogFile;
    } catch (cause) {
      throw fault("CATALOG_BROKEN", this.path, cause instanceof Error ? cause.message : String(cause));
    }
  }
}
