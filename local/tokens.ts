import { createHash, createHmac, randomBytes, randomUUID } from "node:crypto";
import type { Datafile } from "./datafile/index.ts";

/** What a token allows. A scope without `resource` holds for the whole workspace. */
export interface Scope {
  readonly type: ScopeType;
  readonly resource?: string;
}

export type ScopeType = "ADMIN" | "TOKENS" | "DATASOURCES:APPEND" | "DATASOURCES:READ" | "PIPES:READ";

export interface Token {
  readonly id: string;
  readonly name: string;
  /** The secret itself. */
  readonly token: string;
  readonly scopes: readonly Scope[];
  /** `C` = made with the workspace or by a call, `DS` = by the TOKEN lines of datafiles. */
  readonly origin: string;
}

/** Bytes of the key that signs tokens; 256 bits, as HS256 asks for. */
const SIGNING_KEY_BYTES = 32;

/** A new key for a data directory. */
export function signingKey(): string {
  return randomBytes(SIGNING_KEY_BYTES).toString("base64url");
}

/** A token in Tinybird's form: `p.` + base64url of `{u, id, host}` + `.` + HS256 signature. */
export function mintToken(owner: string, host: string, key: string): { id: string; token: string } {
  const id = randomUUID();
  const payload = Buffer.from(JSON.stringify({ u: owner, id, host })).toString("base64url");
  const signature = createHmac("sha256", key).update(payload).digest("base64url");
  return { id, token: `p.${payload}.${signature}` };
}

/** Whether a token may do something to a resource. Reading a data source includes its quarantine. */
export function allows(token: Token, type: ScopeType, resource?: string): boolean {
  return token.scopes.some((scope) => {
    if (scope.type === "ADMIN") return true;
    if (scope.type !== type) return false;
    return scope.resource === undefined || scope.resource === resource;
  });
}

/**
 * The static tokens that a project's TOKEN lines ask for: one per name, its scopes from all files together.
 * A token that exists keeps its secret, so that what was handed out goes on working.
 */
export function datafileTokens(
  datafiles: readonly Datafile[],
  existing: readonly Token[],
  mint: () => { id: string; token: string },
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

/** The origin of tokens that TOKEN lines make. */
export const DATAFILE_ORIGIN = "DS";

/** The tokens of one workspace. A secret is looked up by its digest, so that the time taken tells nothing of it. */
export class TokenStore {
  private byDigest = new Map<string, Token>();

  constructor(tokens: readonly Token[]) {
    for (const token of tokens) this.add(token);
  }

  list(): readonly Token[] {
    return [...this.byDigest.values()];
  }

  /** A token by the digest of its secret. */
  find(secretDigest: string): Token | null {
    return this.byDigest.get(secretDigest) ?? null;
  }

  /** A token by name or id. */
  named(nameOrId: string): Token | null {
    return this.list().find((token) => token.name === nameOrId || token.id === nameOrId) ?? null;
  }

  add(token: Token): void {
    this.byDigest.set(digest(token.token), token);
  }

  /** Puts the tokens of a new build in the place of those of the build before. */
  replaceDatafileTokens(tokens: readonly Token[]): void {
    const others = this.list().filter((token) => token.origin !== DATAFILE_ORIGIN);
    this.byDigest = new Map();
    for (const token of [...others, ...tokens]) this.add(token);
  }
}

/** What secrets are looked up by. */
export function digest(secret: string): string {
  return createHash("sha256").update(secret).digest("base64");
}
