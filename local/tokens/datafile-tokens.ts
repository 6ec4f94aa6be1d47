import type { Datafile } from "../datafile/index.ts";
import type { Scope, ScopeType } from "./scope.ts";
import type { Mint, Token } from "./token.ts";

/** The origin of tokens that TOKEN lines make. */
export const DATAFILE_ORIGIN = "DS";

/**
 * The static tokens that a project's TOKEN lines ask for: one per name, its scopes from all files together.
 * A token that exists keeps its secret, so that what was handed out goes on working.
 */
export function datafileTokens(
  datafiles: readonly Datafile[],
  existing: readonly Token[],
  mint: Mint,
): Token[] {
  const scopes = new Map<string, Scope[]>();
  for (const file of datafiles) {
    if (file.kind === "connection") continue;
    const family = file.kind === "datasource" ? "DATASOURCES" : "PIPES";
    for (const line of file.tokens) {
      const scope = { type: `${family}:${line.scope}` as ScopeType, resource: file.name };
      scopes.set(line.name, [...(scopes.get(line.name) ?? []), scope]);
    }
  }
  return [...scopes].map(([name, granted]) => {
    const known = existing.find((token) => token.name === name && token.origin === DATAFILE_ORIGIN);
    return { ...(known ?? mint()), name, scopes: granted, origin: DATAFILE_ORIGIN };
  });
}
