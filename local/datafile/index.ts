/**
 * Text of `.datasource`, `.pipe` and `.connection` files → typed values. Pure: no file is read, no SQL is parsed, no
 * template is rendered, no environment variable is substituted.
 */
import { fault } from "../errors.ts";
import { type Connection, parseConnection } from "./connection.ts";
import { type Datasource, parseDatasource } from "./datasource.ts";
import type { Parsed } from "./instructions.ts";
import { unifyLineEnds } from "./lines.ts";
import { type Pipe, parsePipe } from "./pipe.ts";
import { DatafileError, type Problem, validationError, valueError } from "./problem.ts";
import { fillSecrets, hideSecrets } from "./secrets.ts";
import { type DataType, readDataType } from "./types/data-type.ts";

export { checkDatasource } from "./check.ts";

export type { Connection, ConnectionSetting } from "./connection.ts";
export type { ImportSettings, KafkaSettings, PostgresSettings } from "./connectors.ts";
export type { Datasource } from "./datasource.ts";
export type { TokenLine, TokenScope } from "./instructions.ts";
export type { CopySettings, NodeType, PipeNode, SinkSettings } from "./nodes/node.ts";
export type { Pipe, PipeType } from "./pipe.ts";
export type { Problem, ProblemKind } from "./problem.ts";
export { type Column, columnSql, columnType } from "./schema/column.ts";
export { type JsonPath, type JsonPathResult, type JsonStep, parseJsonPath } from "./schema/json-path.ts";
export { hideSecrets } from "./secrets.ts";
export {
  type EngineClause,
  type EngineOption,
  type EngineResult,
  engineSql,
  tableEngineSql,
} from "./table/engine-clause.ts";
export type { Index } from "./table/indexes.ts";
export type { DataType, TypeArgument } from "./types/data-type.ts";

/** A datafile as it stands in a project. The base name without extension is the resource's name. */
export interface DatafileSource {
  readonly path: string;
  readonly content: string;
}

export interface ParseOptions {
  /** Values for `tb_secret` in data sources and connections, by name. Default: none. Never part of a problem's text. */
  readonly secrets?: ReadonlyMap<string, string>;
}

/** One of the three kinds of file, told apart by `kind`. */
export type Datafile = Datasource | Pipe | Connection;

export type ParseResult =
  | { readonly ok: true; readonly datafile: Datafile; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problem: Problem };

/** Parses one datafile; its extension says which kind it is. A bad file gives its first problem, never an exception. */
export function parseDatafile(source: DatafileSource, options: ParseOptions = {}): ParseResult {
  const secrets = options.secrets ?? new Map<string, string>();
  try {
    return { ok: true, ...parseKind(source, secrets) };
  } catch (error) {
    if (!(error instanceof DatafileError)) throw error;
    const { message, hint, ...place } = error.details;
    const hide = (text: string): string => hideSecrets(text, secrets);
    const shown = { message: hide(message), hint: hint === null ? null : hide(hint) };
    return { ok: false, problem: { path: source.path, ...place, ...shown } };
  }
}

function parseKind(
  { path, content }: DatafileSource,
  secrets: ReadonlyMap<string, string>,
): Parsed<Datafile> {
  const [, name = "", extension = ""] = /([^/\\]*?)(?:\.([^./\\]*))?$/.exec(path) ?? [];
  const source = { path, name, content };
  if (name === "") throw validationError("The file needs a name before its extension: it names the resource");
  if (content.startsWith(BYTE_ORDER_MARK)) {
    throw valueError("The file starts with a byte order mark; save it as UTF-8 without one", 1);
  }
  switch (extension) {
    case "datasource":
      return parseDatasource(source, fillSecrets(unifyLineEnds(content), secrets));
    case "pipe":
      return parsePipe(source);
    case "connection":
      return parseConnection(source, fillSecrets(unifyLineEnds(content), secrets));
    default:
      throw validationError("Expected a .datasource, .pipe or .connection file");
  }
}

const BYTE_ORDER_MARK = "\uFEFF";

/**
 * The tree of a ClickHouse type, for columns of a datafile that was parsed.
 * @throws TinybirdError INVALID_DATAFILE when the text is not a type.
 */
export function parseDataType(text: string): DataType {
  const read = readDataType(text);
  if (read.ok) return read.type;
  throw fault("INVALID_DATAFILE", `Error parsing type '${text}': ${read.message}`);
}
