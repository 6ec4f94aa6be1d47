import { availableParallelism } from "node:os";
import { type CopySettings, hideSecrets, type Pipe } from "./datafile/index.ts";
import { type Engine, EngineError, type QueryResult, rowsOf } from "./engine/engine.ts";
import { fault, TinybirdError } from "./errors.ts";
import { freezeClock } from "./plan/clock.ts";
import { outputNode, type Reading, selectOfNode, selectOfPipe, selectOfStatement } from "./plan/select.ts";
import { readTables } from "./plan/tables.ts";
import type { DescribedColumn } from "./plan/view-columns.ts";
import type { Resources } from "./resources.ts";
import { catalogOf, type Served, withKnownNames } from "./served.ts";

/** What a pipe comes to for a request. */
export interface Explanation {
  readonly query: string;
  readonly plan: string;
}

/** Values of a request by parameter name. */
export type Params = Readonly<Record<string, unknown>>;

/** ClickHouse's numbers for a statement that ran past its time limit. */
const TIMEOUT_CODES: ReadonlySet<number | null> = new Set([159, 160]);

interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** What the pipe's template asked for. Default: the engine's own choice, one. */
  readonly maxThreads?: number | null;
}

/** What queries are answered from. */
export interface QueriesContext {
  readonly engine: Engine;
  readonly database: string;
  readonly served: () => Served;
  readonly resources: Resources;
  /** Values by name. */
  readonly secrets: () => ReadonlyMap<string, string>;
  readonly now: () => Date;
  /** The moment of `now()` in every query; null for the clock's. */
  readonly frozenAt: Date | null;
}

/** Answers about the rows of a workspace: of endpoints, of pipes, of a caller's own SQL. */
export class Queries {
  private readonly context: QueriesContext;

  constructor(context: QueriesContext) {
    this.context = context;
  }

  /**
   * Answers an endpoint.
   * @param format a ClickHouse output format
   * @throws TinybirdError UNKNOWN_ENDPOINT, NOT_AN_ENDPOINT, TEMPLATE, QUERY …
   */
  async query(name: string, params: Params, format: string, signal?: AbortSignal): Promise<QueryResult> {
    const pipe = this.endpoint(name);
    const { sql, maxThreads } = selectOfPipe(pipe, this.request(params), this.catalog());
    return this.read(sql, format, { signal, maxThreads });
  }

  /** The pipe of an endpoint. @throws TinybirdError UNKNOWN_ENDPOINT, NOT_AN_ENDPOINT */
  endpoint(name: string): Pipe {
    const pipe = this.context.served().project.pipes.get(name);
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
    const { pipe } = this.context.resources.pipe(name);
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
    const underscore =
      options.pipeline === undefined ? null : this.context.resources.pipe(options.pipeline).pipe;
    const { sql, format } = selectOfStatement(statement, this.request(options.params), this.catalog(), {
      reading: options.reading,
      ...(underscore && { underscore }),
    });
    const used = format ?? options.format;
    return { ...(await this.read(sql, used, { signal: options.signal })), format: used };
  }

  /**
   * The SELECT of a copy pipe for a request.
   * @throws TinybirdError NOT_A_COPY, TEMPLATE …
   */
  copySelect(pipe: Pipe, params: Params): { readonly select: string; readonly copy: CopySettings } {
    const { copy, type } = outputNode(pipe);
    if (type !== "copy" || copy?.targetDatasource == null) throw fault("NOT_A_COPY", pipe.name, pipe.type);
    return { select: selectOfPipe(pipe, this.request(params), this.catalog()).sql, copy };
  }

  /** The columns that a pipe answers, as ClickHouse describes them; none when only a request makes it whole. */
  async columns(pipe: Pipe): Promise<readonly DescribedColumn[]> {
    try {
      const { sql } = selectOfPipe(pipe, { ...this.request({}), check: true }, this.catalog());
      return rowsOf<DescribedColumn>(await this.context.engine.describe(sql));
    } catch (error) {
      if (error instanceof EngineError || error instanceof TinybirdError) return [];
      throw error;
    }
  }

  /** The names that a statement reads. @throws TinybirdError SQL_SYNTAX */
  tablesOf(statement: string): readonly string[] {
    return [...new Set(readTables(statement).map(({ table }) => table))];
  }

  /** Runs a SELECT and words ClickHouse's refusal with the names that the caller knows. */
  private async read(sql: string, format: string, options: ReadOptions = {}): Promise<QueryResult> {
    const { engine, frozenAt } = this.context;
    const { signal, maxThreads = null } = options;
    const settings = maxThreads === null ? {} : { max_threads: threads(maxThreads) };
    try {
      const timely = frozenAt === null ? sql : freezeClock(sql, frozenAt);
      return await engine.query(timely, { format, settings, ...(signal && { signal }) });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      const message = this.forReaders(error.message);
      throw fault(TIMEOUT_CODES.has(error.clickhouseCode) ? "QUERY_TIMEOUT" : "QUERY", message);
    }
  }

  private forReaders(text: string): string {
    return hideSecrets(
      withKnownNames(text, this.context.served().datasources, this.context.database),
      this.context.secrets(),
    );
  }

  private request(params: Params) {
    return { params, secrets: new Set(this.context.secrets().keys()), now: this.context.now };
  }

  private catalog() {
    return catalogOf(this.context.served(), this.context.database, this.context.secrets());
  }
}

/** More threads than cores only wait for each other; 0 is ClickHouse's word for as many as there are. */
function threads(asked: number): number {
  const cores = availableParallelism();
  return asked <= 0 ? cores : Math.min(asked, cores);
}
