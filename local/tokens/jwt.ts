import { decodeJwt, errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { fault } from "../errors.ts";
import { checkCondition } from "../plan/condition.ts";
import type { Scope } from "./scope.ts";
import type { Credential } from "./token.ts";

/** The one algorithm that Tinybird signs with: its secret is the workspace's admin token. */
const ALGORITHM = "HS256";

/** A scope as it stands in a JWT. */
const scopeClaim = z
  .object({
    type: z.enum(["PIPES:READ", "DATASOURCES:READ", "DATASOURCES:APPEND"]),
    resource: z.string().min(1),
    fixed_params: z.record(z.string(), z.unknown()).nullish(),
    filter: z.string().min(1).nullish(),
  })
  // What would be passed over in silence is what its signer relies on.
  .refine(
    ({ type, fixed_params: fixed }) => type === "PIPES:READ" || !fixed || Object.keys(fixed).length === 0,
    {
      path: ["fixed_params"],
      message: "fixed_params on PIPES:READ only",
    },
  )
  .refine(({ type, filter }) => type === "DATASOURCES:READ" || !filter, {
    path: ["filter"],
    message: "a filter on DATASOURCES:READ only",
  });

const grant = z.object({
  name: z.string().min(1),
  scopes: z.array(scopeClaim).min(1),
  limits: z.object({ rps: z.int().positive().nullish() }).nullish(),
});

const claims = grant.extend({ workspace_id: z.string(), exp: z.number() });

/** What a JWT is asked for; times are seconds since 1970. */
const request = grant.extend({ expiration_time: z.coerce.number().int().positive() });

export type JwtRequest = z.infer<typeof request>;

/** The secret that signs and verifies a workspace's JWTs, with what they are checked against. */
export interface JwtIssuer {
  readonly workspaceId: string;
  readonly adminToken: string;
}

/**
 * What a caller asks for, checked.
 * @throws TinybirdError BAD_PARAMETER, and what the gate says of a filter
 */
export function jwtRequest(sent: Readonly<Record<string, unknown>>, now: Date): JwtRequest {
  const parsed = request.safeParse(sent);
  if (!parsed.success) {
    const { path = [], message = "" } = parsed.error.issues[0] ?? {};
    throw fault("BAD_PARAMETER", path.join("."), printed(valueAt(sent, path)), message);
  }
  const { expiration_time: expires, scopes } = parsed.data;
  if (expires * 1000 <= now.getTime()) {
    throw fault("BAD_PARAMETER", "expiration_time", String(expires), "a time to come, in seconds since 1970");
  }
  for (const { filter } of scopes) if (filter) checkCondition(filter);
  return parsed.data;
}

export function signJwt(
  { expiration_time: expires, ...sent }: JwtRequest,
  issuer: JwtIssuer,
): Promise<string> {
  return new SignJWT({ ...sent, workspace_id: issuer.workspaceId })
    .setProtectedHeader({ alg: ALGORITHM, typ: "JWT" })
    .setExpirationTime(expires)
    .sign(keyOf(issuer));
}

/** The workspace that a JWT says it is for, before anything of it is believed; null when it is none. */
export function claimedWorkspace(jwt: string): string | null {
  try {
    const { workspace_id: id } = decodeJwt(jwt);
    return typeof id === "string" ? id : null;
  } catch {
    return null;
  }
}

/** Who shows a JWT, or why it counts for nothing. */
export async function verifyJwt(
  jwt: string,
  issuer: JwtIssuer,
  now: Date,
): Promise<Credential | "INVALID_TOKEN" | "EXPIRED_TOKEN"> {
  try {
    const { payload } = await jwtVerify(jwt, keyOf(issuer), { algorithms: [ALGORITHM], currentDate: now });
    const parsed = claims.safeParse(payload);
    return parsed.success ? credentialOf(parsed.data) : "INVALID_TOKEN";
  } catch (error) {
    if (error instanceof errors.JWTExpired) return "EXPIRED_TOKEN";
    if (error instanceof errors.JOSEError) return "INVALID_TOKEN";
    throw error;
  }
}

function credentialOf({ name, scopes, limits }: z.infer<typeof claims>): Credential {
  return {
    id: "",
    name,
    scopes: scopes.map(scopeOf),
    ...(limits?.rps && { requestsPerSecond: limits.rps }),
  };
}

function scopeOf({ type, resource, fixed_params: fixedParams, filter }: z.infer<typeof scopeClaim>): Scope {
  return {
    type,
    resource,
    ...(fixedParams && { fixedParams }),
    ...(filter && { filter }),
  };
}

function keyOf({ adminToken }: JwtIssuer): Uint8Array {
  return new TextEncoder().encode(adminToken);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

function printed(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}
