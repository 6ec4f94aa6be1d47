import type { Project } from "./project.ts";

/** Names that a build adds, changes and removes, by kind of resource, each sorted. */
export interface Changes {
  readonly datasources: NameChanges;
  readonly pipes: NameChanges;
  readonly connections: NameChanges;
}

export interface NameChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly deleted: readonly string[];
}

const NO_NAMES: NameChanges = { added: [], changed: [], deleted: [] };

export const NO_CHANGES: Changes = { datasources: NO_NAMES, pipes: NO_NAMES, connections: NO_NAMES };

/** What differs between the project that is served and the one to build. Two files are equal when their texts are. */
export function changesBetween(current: Project, next: Project): Changes {
  return {
    datasources: nameChanges(current.datasources, next.datasources),
    pipes: nameChanges(current.pipes, next.pipes),
    connections: nameChanges(current.connections, next.connections),
  };
}

type Texts = ReadonlyMap<string, { readonly content: string }>;

function nameChanges(current: Texts, next: Texts): NameChanges {
  const kept = [...next.keys()].filter((name) => current.has(name));
  return {
    added: [...next.keys()].filter((name) => !current.has(name)).sort(),
    changed: kept.filter((name) => current.get(name)?.content !== next.get(name)?.content).sort(),
    deleted: [...current.keys()].filter((name) => !next.has(name)).sort(),
  };
}
