import { fault } from "../errors.ts";
import { checkCondition } from "../plan/condition.ts";

/** Everything that a static token can be given; Tinybird's names. */
export const SCOPE_TYPES = [
  "ADMIN",
  "TOKENS",
  "DATASOURCES:CREATE",
  "DATASOURCES:APPEND",
  "DATASOURCES:READ",
  "DATASOURCES:DROP",
  "PIPES:CREATE",
  "PIPES:READ",
  "PIPES:DROP",
  "WORKSPACE:READ_ALL",
  "WORKSPACE:DEPLOY",
] as const;

export type ScopeType = (typeof SCOPE_TYPES)[number];

/** What a token allows. A scope without `resource` holds for the whole workspace. */
export interface Scope {
  readonly type: ScopeType;
  /** Name of a data source or pipe; in a JWT also its id. */
  readonly resource?: string;
  /** A condition on the rows of a data source, for DATASOURCES:READ. */
  readonly filter?: string;
  /** Values that the parameters of a pipe have whatever the caller sends, for PIPES:READ in a JWT. */
  readonly fixedParams?: Readonly<Record<string, unknown>>;
}

/** The scopes that are about one resource. */
const OF_A_RESOURCE: ReadonlySet<ScopeType> = new Set([
  "DATASOURCES:APPEND",
  "DATASOURCES:READ",
  "DATASOURCES:DROP",
  "PIPES:READ",
  "PIPES:DROP",
]);

/**
 * Reads `TYPE[:resource[:filter]]`; a filter may hold colons.
 * @throws TinybirdError BAD_PARAMETER, and what the gate says of the filter
 */
export function parseScope(text: string): Scope {
  const type = SCOPE_TYPES.find((each) => text === each || text.startsWith(`${each}:`));
  if (type === undefined)
    throw badScope(text, `TYPE[:resource[:filter]], TYPE one of ${SCOPE_TYPES.join(", ")}`);
  const [resource = "", ...rest] = text.slice(type.length + 1).split(":");
  const filter = rest.join(":");
  if (resource !== "" && !OF_A_RESOURCE.has(type)) throw badScope(text, `${type} without a resource`);
  if (filter !== "" && type !== "DATASOURCES:READ") throw badScope(text, "a filter on DATASOURCES:READ only");
  if (filter !== "") checkCondition(filter);
  return { type, ...(resource !== "" && { resource }), ...(filter !== "" && { filter }) };
}

function badScope(came: string, expected: string): Error {
  return fault("BAD_PARAMETER", "scope", came, expected);
}

/** `DATASOURCES` or `PIPES` for the scopes of a resource; null for others. */
export function familyOf(type: ScopeType): "DATASOURCES" | "PIPES" | null {
  if (!OF_A_RESOURCE.has(type)) return null;
  return type.startsWith("PIPES") ? "PIPES" : "DATASOURCES";
}
