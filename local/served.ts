import { randomBytes } from "node:crypto";
import type { PipeRecord, TableRecord } from "./catalog.ts";
import { SERVICE_NAMES, serviceTable } from "./observe/service-tables.ts";
import type { Project } from "./plan/project.ts";
import type { Catalog } from "./plan/select.ts";
import { type Placement, qualified, quarantineOf } from "./plan/statements.ts";

/** What is served: the project, and where its data sources and views live in ClickHouse. */
export interface Served {
  readonly project: Project;
  readonly datasources: Readonly<Record<string, TableRecord>>;
  readonly pipes: Readonly<Record<string, PipeRecord>>;
}

/** What a name in SQL stands for, given what is served. @param secrets values by name */
export function catalogOf(
  served: Served,
  database: string,
  secrets: ReadonlyMap<string, string> = new Map(),
): Catalog {
  return {
    table(name) {
      const own = served.datasources[name];
      if (own !== undefined) return qualified({ database, table: own.table });
      const source = name.endsWith("_quarantine")
        ? served.datasources[name.slice(0, -"_quarantine".length)]
        : undefined;
      return source === undefined ? null : qualified(quarantineOf({ database, table: source.table }));
    },
    pipe: (name) => served.project.pipes.get(name) ?? null,
    serviceTable: (name) => (SERVICE_NAMES.has(name) ? serviceTable(database, name) : null),
    secret: (name) => secrets.get(name) ?? null,
  };
}

/** A message of ClickHouse with the names that users know in place of those of tables. */
export function withKnownNames(
  message: string,
  tables: Readonly<Record<string, TableRecord>>,
  database: string,
): string {
  return Object.entries(tables).reduce(
    (text, [name, { table }]) => text.replaceAll(table, name),
    message.replaceAll(`${database}.`, "").replaceAll(`\`${database}\`.`, ""),
  );
}

/** The tables and views of `current` that `next` has no use for. Views first: one must not outlive the table that it fills. */
export function retiredPlaces(current: Served, next: Served, database: string): Placement[] {
  const keptViews = new Set(Object.values(next.pipes).map((pipe) => pipe.view));
  const keptTables = new Set(Object.values(next.datasources).map((datasource) => datasource.table));
  const views = Object.values(current.pipes).flatMap(({ view }) =>
    view === undefined || keptViews.has(view) ? [] : [{ database, table: view }],
  );
  const tables = Object.values(current.datasources)
    .filter(({ table }) => !keptTables.has(table))
    .flatMap(({ table }) => [{ database, table }, quarantineOf({ database, table })]);
  return [...views, ...tables];
}

/** Bytes of randomness in a name that only has to be new within one database. */
const NAME_BYTES = 8;

/** A name for a table, view or database; the letter tells which. The SQL gate knows those of databases by it. */
export function newName(letter: string): string {
  return `${letter}_${randomBytes(NAME_BYTES).toString("hex")}`;
}
