import type { Scope, ScopeType } from "./scope.ts";
import type { Credential } from "./token.ts";

/** What a scope allows beside itself. ADMIN allows everything. */
const ALLOWS_TOO: Readonly<Partial<Record<ScopeType, readonly ScopeType[]>>> = {
  "WORKSPACE:READ_ALL": ["DATASOURCES:READ", "PIPES:READ"],
  "DATASOURCES:CREATE": ["DATASOURCES:APPEND"],
};

/**
 * Whether somebody may do something to a resource, to all of its rows.
 * @param names the resource's name and id: a scope may have either
 */
export function allows({ scopes }: Credential, type: ScopeType, names: readonly string[] = []): boolean {
  return scopes.some((scope) => scope.filter === undefined && covers(scope, type, names));
}

/** Whether somebody has a scope of this type for any resource at all. */
export function allowsSome({ scopes }: Credential, type: ScopeType): boolean {
  return scopes.some((scope) => ofType(scope, type));
}

/**
 * The conditions of which rows of a data source meet one for somebody who reads it: null when all rows may be read,
 * none when no row may.
 */
export function rowFilters(credential: Credential, names: readonly string[]): readonly string[] | null {
  if (allows(credential, "DATASOURCES:READ", names)) return null;
  return credential.scopes
    .filter((scope) => covers(scope, "DATASOURCES:READ", names))
    .flatMap(({ filter }) => filter ?? []);
}

/** The parameters of a pipe that a caller cannot choose, with their values. */
export function fixedParams({ scopes }: Credential, names: readonly string[]): Record<string, unknown> {
  const fixed = scopes
    .filter((scope) => covers(scope, "PIPES:READ", names))
    .map((scope) => scope.fixedParams);
  return Object.assign({}, ...fixed) as Record<string, unknown>;
}

function covers(scope: Scope, type: ScopeType, names: readonly string[]): boolean {
  return ofType(scope, type) && (scope.resource === undefined || names.includes(scope.resource));
}

function ofType(scope: Scope, type: ScopeType): boolean {
  return scope.type === "ADMIN" || scope.type === type || ALLOWS_TOO[scope.type]?.includes(type) === true;
}
