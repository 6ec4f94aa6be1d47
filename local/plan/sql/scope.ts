import type { CompoundName } from "./tree.ts";

/** A table that a statement reads, where its name is written. */
export interface TableReference {
  readonly database: string | null;
  readonly table: string;
  /** UTF-16 offsets of the name, its database included. */
  readonly start: number;
  readonly end: number;
  /** An alias follows. Only tables of a FROM clause have one. */
  readonly aliased: boolean;
  readonly position: "from" | "in" | "join-get";
}

/** A call in a FROM clause, such as `numbers(10)`. The offsets hold the whole call. */
export interface TableFunction {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The expression that an alias names, by its offsets. */
export interface Alias {
  readonly start: number;
  readonly end: number;
  readonly place: Place;
}

/** Only aliases of a WITH clause reach into the queries inside. */
export type Place = "with" | "query";

/** What one query names and knows. References go up to the query around it, which may bind them. */
export interface Scope {
  readonly references: TableReference[];
  /** Those of the references that stand in a query inside this one. */
  readonly inner: Set<TableReference>;
  readonly aliases: Map<string, Alias>;
  /** The bare names that WITH gives an alias: `WITH vip AS v`. */
  readonly bareNames: { readonly alias: string; readonly name: CompoundName }[];
  /** Names that qualify columns. */
  readonly sources: Set<string>;
  readonly functions: TableFunction[];
}

export const newScope = (functions: TableFunction[]): Scope => ({
  references: [],
  inner: new Set(),
  aliases: new Map(),
  bareNames: [],
  sources: new Set(),
  functions,
});

export function addInner(scope: Scope, references: readonly TableReference[]): void {
  scope.references.push(...references);
  for (const each of references) scope.inner.add(each);
}

export function reference(
  name: CompoundName,
  position: TableReference["position"],
  aliased: boolean,
): TableReference {
  const { database, table, start, end } = name;
  return { database, table, start, end, aliased, position };
}

export function isNamed(reference: TableReference, names: { has(name: string): boolean }): boolean {
  return reference.database === null && reference.position !== "join-get" && names.has(reference.table);
}

/** Keywords that end the clause before them. */
export const CLAUSES: ReadonlySet<string> = new Set(
  "SELECT FROM WHERE PREWHERE GROUP HAVING WINDOW QUALIFY ORDER LIMIT OFFSET SETTINGS FORMAT INTO UNION EXCEPT INTERSECT WITH PARALLEL".split(
    " ",
  ),
);
