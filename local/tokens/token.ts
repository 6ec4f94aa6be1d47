import { createHash, createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import type { Scope } from "./scope.ts";

/** What somebody shows who calls: a static token, or a JWT that nobody keeps. */
export interface Credential {
  /** Empty for a JWT. */
  readonly id: string;
  /** Not unique among JWTs. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Requests in a second that all JWTs of this name have together. Default: no limit. */
  readonly requestsPerSecond?: number;
}

/** A token that is kept. */
export interface Token extends Credential {
  /** The secret itself. */
  readonly token: string;
  readonly description?: string;
  /** `C` = made with the workspace or by a call, `DS` = by the TOKEN lines of datafiles. */
  readonly origin: string;
}

/** Makes the secret of a token, and its id, which is part of it. */
export type Mint = () => { id: string; token: string };

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

/** What secrets are looked up by. */
export function digest(secret: string): string {
  return createHash("sha256").update(secret).digest("base64");
}

/** Whether two secrets are the same, in a time that tells nothing of either. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(digest(one)), Buffer.from(digest(other)));
}
