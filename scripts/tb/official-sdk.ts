import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { Failure } from "../terminal/failure.ts";

/** The official TypeScript client, pinned, in a folder of its own: it brings much that the project does not need. */
export const SDK_PACKAGE = "@tinybirdco/sdk@0.0.84";
/** Milliseconds; npm downloads some fifteen packages. */
const INSTALL_TIMEOUT_MS = 300_000;

const run = promisify(execFile);

/** What the cases use of it. */
export interface OfficialSdk {
  createTinybirdApi(config: { baseUrl: string; token: string }): OfficialApi;
  createJWT(
    config: { baseUrl: string; token: string },
    options: { name: string; expiresAt: Date; scopes: readonly JwtScope[] },
  ): Promise<{ token: string }>;
}

export interface JwtScope {
  readonly type: string;
  readonly resource: string;
  readonly fixed_params?: Readonly<Record<string, string | number>>;
}

export interface OfficialApi {
  query(pipe: string, params?: Readonly<Record<string, unknown>>): Promise<Answer>;
  sql(text: string): Promise<Answer>;
  ingest(datasource: string, event: object): Promise<Counts>;
  ingestBatch(datasource: string, events: readonly object[]): Promise<Counts>;
  appendDatasource(
    datasource: string,
    options: { file?: string; url?: string },
    more?: { mode?: "append" | "replace" },
  ): Promise<Counts>;
  deleteDatasource(
    datasource: string,
    options: { deleteCondition: string; dryRun?: boolean },
  ): Promise<Readonly<Record<string, unknown>>>;
  truncateDatasource(datasource: string): Promise<unknown>;
}

export interface Counts {
  readonly successful_rows: number;
  readonly quarantined_rows: number;
}

export interface Answer {
  readonly data: readonly Readonly<Record<string, unknown>>[];
}

/** The client's own command line, in the folder where the client is installed. */
export const sdkCommand = (folder: string) => join(folder, "node_modules/.bin/tinybird");

/** The client, installed once into a folder. @throws {Failure} when npm cannot install it */
export async function officialSdk(folder: string): Promise<OfficialSdk> {
  const mark = join(folder, "installed");
  if ((await readFile(mark, "utf8").catch(() => "")) !== SDK_PACKAGE) await install(folder, mark);
  const entry = join(folder, "node_modules/@tinybirdco/sdk/dist/index.js");
  return (await import(pathToFileURL(entry).href)) as OfficialSdk;
}

async function install(folder: string, mark: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), '{"private":true}');
  const args = ["install", "--no-audit", "--no-fund", "--ignore-scripts", SDK_PACKAGE];
  await run("npm", args, { cwd: folder, timeout: INSTALL_TIMEOUT_MS }).catch((cause: unknown) => {
    throw new Failure(`npm cannot install ${SDK_PACKAGE}`, { cause });
  });
  // Written last: a half-made folder has none.
  await writeFile(mark, SDK_PACKAGE);
}
