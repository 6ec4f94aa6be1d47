/** The one public door of `tb-embedded`; everything else may change without notice. */
export {
  type Column,
  columnSql,
  columnType,
  type Datafile,
  type DatafileSource,
  type Datasource,
  type DataType,
  engineSql,
  type JsonStep,
  type ParseOptions,
  type ParseResult,
  type Pipe,
  type PipeNode,
  type Problem,
  parseDatafile,
  parseDataType,
  parseJsonPath,
} from "./datafile/index.ts";
export { type Engine, EngineError } from "./engine/engine.ts";
export { openIsolated as openEngine } from "./engine/isolated.ts";
export { type ErrorCode, TinybirdError } from "./errors.ts";
export { type PageServer, type PageServerOptions, servePage } from "./page-server.ts";
export { type PipeReading, readPipe } from "./plan/check.ts";
export { readProject } from "./plan/project.ts";
export { dependenciesOf, type NodeReading } from "./plan/reading.ts";
export { DEFAULT_PORT, type LocalOptions, type LocalServer, startLocal } from "./start.ts";
export {
  isTemplate,
  type Plain,
  parseTemplate,
  type Rendered,
  type RenderRequest,
  renderSecrets,
  renderTemplate,
  type Template,
  type TemplateParameter,
  templateBuildFault,
  templateParameters,
  templateTables,
} from "./template/index.ts";
