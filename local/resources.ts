import type { PipeRecord, TableRecord } from "./catalog.ts";
import { columnType, type Datasource, type Pipe } from "./datafile/index.ts";
import { type Engine, rowsOf } from "./engine/engine.ts";
import { literal } from "./engine/literal.ts";
import { fault } from "./errors.ts";
import { describeNode, type NodeDescription } from "./plan/description.ts";
import { outputNode } from "./plan/select.ts";
import { quarantineOf, schemaText } from "./plan/statements.ts";
import type { PlacedDatasource } from "./rows.ts";
import type { Served } from "./served.ts";

/** A data source with its figures. */
export interface DatasourceState {
  readonly datasource: Datasource;
  readonly record: TableRecord;
  readonly schema: { readonly text: string; readonly types: readonly string[] };
  readonly rows: number;
  readonly bytes: number;
  readonly quarantinedRows: number;
}

export interface PipeState {
  readonly pipe: Pipe;
  readonly record: PipeRecord;
  /** The id of the data source that it fills or copies to; null for none. */
  readonly targetId: string | null;
  /** What can be told of each of its nodes, in order. */
  readonly nodes: readonly NodeDescription[];
}

/** What resources are read from. */
export interface ResourcesContext {
  readonly engine: Engine;
  readonly database: string;
  readonly served: () => Served;
  readonly secretNames: () => ReadonlySet<string>;
}

/** The data sources, pipes and connections that are served, by name or id, with their figures. */
export class Resources {
  private readonly context: ResourcesContext;

  constructor(context: ResourcesContext) {
    this.context = context;
  }

  /** Every data source with its figures, by name. */
  async datasources(): Promise<DatasourceState[]> {
    const figures = await this.figures();
    return [...this.served.project.datasources.values()].flatMap((datasource) => {
      const record = this.served.datasources[datasource.name];
      return record === undefined ? [] : [stateOf(datasource, record, figures)];
    });
  }

  /** One data source by name or id. @throws TinybirdError UNKNOWN_DATASOURCE */
  async datasource(nameOrId: string): Promise<DatasourceState> {
    const found = this.find(nameOrId);
    if (found === null) throw fault("UNKNOWN_DATASOURCE", nameOrId);
    return stateOf(found.datasource, found.record, await this.figures());
  }

  datasourceNames(): readonly string[] {
    return [...this.served.project.datasources.keys()];
  }

  /** The name of a data source given by name or id; null when there is none. */
  datasourceName(nameOrId: string): string | null {
    if (this.served.datasources[nameOrId] !== undefined) return nameOrId;
    const found = Object.entries(this.served.datasources).find(([, record]) => record.id === nameOrId);
    return found?.[0] ?? null;
  }

  pipes(): PipeState[] {
    return [...this.served.project.pipes.values()].flatMap((pipe) => {
      const record = this.served.pipes[pipe.name];
      if (record === undefined) return [];
      const output = outputNode(pipe);
      const target = output.datasource ?? output.copy?.targetDatasource ?? "";
      const targetId = this.served.datasources[target]?.id ?? null;
      return [{ pipe, record, targetId, nodes: this.describe(pipe) }];
    });
  }

  /** The id of a data source; null when there is none of that name. */
  datasourceId(name: string): string | null {
    return this.served.datasources[name]?.id ?? null;
  }

  /** The id of a pipe; null when there is none of that name. Describes nothing: every request asks for it. */
  pipeId(name: string): string | null {
    return this.served.pipes[name]?.id ?? null;
  }

  /** The name of a pipe given by name or id; null when there is none. */
  pipeName(nameOrId: string): string | null {
    if (this.served.pipes[nameOrId] !== undefined) return nameOrId;
    const found = Object.entries(this.served.pipes).find(([, record]) => record.id === nameOrId);
    return found?.[0] ?? null;
  }

  /** One pipe by name or id. @throws TinybirdError UNKNOWN_PIPE */
  pipe(nameOrId: string): PipeState {
    const found = this.pipes().find(({ pipe, record }) => pipe.name === nameOrId || record.id === nameOrId);
    if (found === undefined) throw fault("UNKNOWN_PIPE", nameOrId);
    return found;
  }

  private describe(pipe: Pipe): readonly NodeDescription[] {
    const secrets = this.context.secretNames();
    return pipe.nodes.map((node) => describeNode(node, secrets));
  }

  connections(): readonly { readonly name: string; readonly type: string }[] {
    return [...this.served.project.connections.values()].map(({ name, type }) => ({
      name,
      type: type ?? "",
    }));
  }

  /** The data sources that views fill from one, and from those. */
  filledFrom(name: string): readonly string[] {
    const targets = this.pipes().flatMap(({ pipe, nodes }) => {
      const output = outputNode(pipe);
      const reads = nodes.some(({ dependencies }) => dependencies.includes(name));
      return output.type === "materialized" && output.datasource !== undefined && reads
        ? [output.datasource]
        : [];
    });
    return [
      ...new Set(targets.flatMap((target) => (target === null ? [] : [target, ...this.filledFrom(target)]))),
    ];
  }

  /** A data source by name or id; null when there is none. */
  find(nameOrId: string): PlacedDatasource | null {
    const name = this.datasourceName(nameOrId) ?? nameOrId;
    const datasource = this.served.project.datasources.get(name);
    const record = this.served.datasources[name];
    if (datasource === undefined || record === undefined) return null;
    return { datasource, record, place: { database: this.context.database, table: record.table } };
  }

  /** Rows and bytes on disk, by table. */
  private async figures(): Promise<ReadonlyMap<string, Figures>> {
    const result = await this.context.engine.query(`
SELECT name, total_rows AS rows, total_bytes AS bytes
FROM system.tables
WHERE database = ${literal(this.context.database)}`);
    return new Map(rowsOf<Figures & { name: string }>(result).map((row) => [row.name, row]));
  }

  private get served(): Served {
    return this.context.served();
  }
}

interface Figures {
  readonly rows: number;
  readonly bytes: number;
}

function stateOf(
  datasource: Datasource,
  record: TableRecord,
  figures: ReadonlyMap<string, Figures>,
): DatasourceState {
  const own = figures.get(record.table);
  const quarantine = figures.get(quarantineOf({ database: "", table: record.table }).table);
  const schema = { text: schemaText(datasource), types: datasource.columns.map(columnType) };
  const counts = { rows: own?.rows ?? 0, bytes: own?.bytes ?? 0, quarantinedRows: quarantine?.rows ?? 0 };
  return { datasource, record, schema, ...counts };
}
