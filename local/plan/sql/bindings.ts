import { type Alias, reference, type Scope, type TableReference } from "./scope.ts";

/** What is left of references once the aliases of their query are known; those of IN give way to them. */
export function bindAliases(scope: Scope, references: readonly TableReference[]): TableReference[] {
  const { aliases, bareNames, sources, inner } = scope;
  const reached = reachability(aliases.keys(), (name) => aliasesWithin(aliases.get(name), references));
  return references.filter((found) => {
    if (found.position !== "in") return true;
    if (found.database !== null) return inner.has(found) || !sources.has(found.database);
    const alias = aliases.get(found.table);
    if (bareNames.some((each) => each.alias === found.table)) return true;
    if (alias === undefined || (inner.has(found) && alias.place !== "with")) return true;
    return isWithinItself(found, aliases, reached);
  });
}

function aliasesWithin(alias: Alias | undefined, references: readonly TableReference[]): readonly string[] {
  if (alias === undefined) return [];
  return references
    .filter((each) => each.position === "in" && contains(alias, each))
    .map(({ table }) => table);
}

function contains(alias: Alias, reference: TableReference): boolean {
  return alias.start <= reference.start && reference.end <= alias.end;
}

/** An alias is unknown within the expression that it names: `id IN vip AS vip` reads the table. */
function isWithinItself(
  found: TableReference,
  aliases: ReadonlyMap<string, Alias>,
  reached: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  return [...aliases].some(
    ([name, alias]) =>
      contains(alias, found) && (name === found.table || reached.get(found.table)?.has(name)),
  );
}

/** For each name all the names that it leads to. */
export function reachability(
  names: Iterable<string>,
  leadsTo: (name: string) => readonly string[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const direct = new Map([...names].map((name) => [name, leadsTo(name)]));
  return new Map([...direct.keys()].map((name) => [name, reachedFrom(name, direct)]));
}

function reachedFrom(start: string, direct: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const next = (direct.get(name) ?? []).filter((each) => !reached.has(each));
    for (const each of next) reached.add(each);
    open.push(...next);
  }
  return reached;
}

/**
 * `WITH vip AS v`: the name is a table when IN reads it by its alias; within a lambda IN reads past the alias.
 * @param references those that could use it; null when there are more that are not known here.
 */
export function bareNamesOfWith(
  scope: Scope,
  references: readonly TableReference[] | null,
  tables: ReadonlyMap<string, unknown>,
): TableReference[] {
  const used = references?.filter((each) => each.position === "in").map((each) => each.table);
  const bare = scope.bareNames.filter(
    ({ alias, name }) =>
      used === undefined || used.includes(alias) || used.includes(name.table) || tables.has(name.table),
  );
  return bare.map(({ name }) => reference(name, "in", false));
}
