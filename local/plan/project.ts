import { readdir, readFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import {
  type Connection,
  checkDatasource,
  type Datafile,
  type DatafileSource,
  type Datasource,
  type ParseOptions,
  type Pipe,
  type Problem,
  parseDatafile,
} from "../datafile/index.ts";

/** A whole project, parsed: what a build compares, creates and serves. */
export interface Project {
  readonly datasources: ReadonlyMap<string, Datasource>;
  readonly pipes: ReadonlyMap<string, Pipe>;
  readonly connections: ReadonlyMap<string, Connection>;
}

export interface ParsedProject {
  readonly project: Project;
  readonly warnings: readonly string[];
  /** Every bad file, not only the first. An empty list means that the project may be built. */
  readonly problems: readonly Problem[];
}

const DATAFILE_EXTENSIONS: ReadonlySet<string> = new Set([".datasource", ".pipe", ".connection"]);

/** Folders below the project's root that are searched, as `tb` does by default (`--max-depth 3`, the root included). */
const MAX_FOLDER_DEPTH = 2;

/** Folders that hold other people's files. */
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(["node_modules", "vendor", "dist"]);

export const EMPTY_PROJECT: Project = { datasources: new Map(), pipes: new Map(), connections: new Map() };

/**
 * The datafiles of a folder and of its folders two levels down, in a stable order; paths are relative to the folder.
 * @throws the file system's error when the folder cannot be read.
 */
export async function readProject(folder: string): Promise<DatafileSource[]> {
  const paths = await datafilePaths(folder, "", 0);
  return Promise.all(
    paths.map(async (path) => ({ path, content: await readFile(join(folder, path), "utf8") })),
  );
}

async function datafilePaths(root: string, below: string, depth: number): Promise<string[]> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const found = await Promise.all(
    sorted.map((entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (!entry.isDirectory()) return DATAFILE_EXTENSIONS.has(extname(entry.name)) ? [path] : [];
      const skipped = entry.name.startsWith(".") || SKIPPED_FOLDERS.has(entry.name);
      return skipped || depth === MAX_FOLDER_DEPTH ? [] : datafilePaths(root, path, depth + 1);
    }),
  );
  return found.flat();
}

/** Parses every file and reports all problems together. */
export function parseProject(files: readonly DatafileSource[], options: ParseOptions = {}): ParsedProject {
  const parsed = files.map((file) => parseDatafile(file, options));
  const datafiles = parsed.flatMap((result) => (result.ok ? [result.datafile] : []));
  return {
    project: {
      datasources: byName(datafiles.filter((file) => file.kind === "datasource")),
      pipes: byName(datafiles.filter((file) => file.kind === "pipe")),
      connections: byName(datafiles.filter((file) => file.kind === "connection")),
    },
    warnings: parsed.flatMap((result) => (result.ok ? result.warnings : [])),
    problems: [
      ...parsed.flatMap((result) => (result.ok ? [] : [result.problem])),
      ...datafiles.filter((file) => file.kind === "datasource").flatMap(checkDatasource),
      ...repeatedNames(datafiles),
    ],
  };
}

function byName<File extends Datafile>(files: readonly File[]): Map<string, File> {
  return new Map(files.map((file) => [file.name, file]));
}

/** Data sources and pipes share one space of names: both are read by name in SQL. */
function repeatedNames(datafiles: readonly Datafile[]): Problem[] {
  const first = new Map<string, Datafile>();
  const problems: Problem[] = [];
  for (const file of datafiles.filter((each) => each.kind !== "connection")) {
    const other = first.get(file.name);
    if (other === undefined) first.set(file.name, file);
    else problems.push(problemIn(file.path, `'${file.name}' is already the name of ${other.path}`));
  }
  return problems.concat(datafiles.filter((file) => file.kind === "pipe").flatMap(repeatedNodes));
}

function repeatedNodes(pipe: Pipe): Problem[] {
  const seen = new Set<string>();
  return pipe.nodes.flatMap((node) => {
    const again = seen.has(node.name);
    seen.add(node.name);
    return again ? [problemIn(pipe.path, `node '${node.name}' is defined twice`, node.line)] : [];
  });
}

/** A rule of the whole project that one file breaks. */
export function problemIn(path: string, message: string, line: number | null = null): Problem {
  return { path, line, pos: null, message, hint: null, kind: "validation" };
}

/** The resource name of a datafile: its base name without extension. */
export function resourceName(path: string): string {
  return basename(path, extname(path));
}
