import type * as z from "zod";
import { InvalidOptionError } from "./errors.ts";
import { parameterTexts } from "./reading/parameters.ts";
import type { dataSources, endpoints } from "./schema.generated.ts";
import { utf8 } from "./values/utf8.ts";

type EndpointEntries = typeof endpoints;
type DataSourceEntry = (typeof dataSources)[keyof typeof dataSources];

/** What a JWT may do. */
export type JwtScope =
  | PipeScopes[keyof PipeScopes]
  | {
      readonly type: "DATASOURCES:READ";
      readonly resource: DataSourceEntry["name"];
      /** A condition in SQL on the rows, such as `platform = 'twitter'`. */
      readonly filter?: string;
    }
  | { readonly type: "DATASOURCES:APPEND"; readonly resource: DataSourceEntry["name"] };

/** Reading an endpoint, with the parameters that it has. */
type PipeScopes = {
  [K in keyof EndpointEntries]: {
    readonly type: "PIPES:READ";
    readonly resource: EndpointEntries[K]["name"];
    /** Values that the caller cannot change, such as the tenant. */
    readonly fixed_params?: Partial<z.input<EndpointEntries[K]["parameters"]>>;
  };
};

export type JwtOptions = {
  /** The workspace's admin token: the shared secret. It stays on the server; the JWT goes to the browser. */
  readonly signingKey: string;
  /** UUID of the workspace. Default: the one in the signing key, where that is a token of the form `p.….…`. */
  readonly workspaceId?: string;
  /** Shows in the service's statistics of calls. */
  readonly name: string;
  readonly scopes: readonly JwtScope[];
  /** Seconds from now. */
  readonly expiresIn: number;
  /** Requests per second; above it the service answers 429. Default: none. */
  readonly limits?: { readonly rps: number };
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly clock?: () => number;
};

/**
 * A JSON Web Token for a browser (HS256, RFC 7519), made without a request. Runs wherever WebCrypto does.
 * Throws InvalidOptionError when there is no workspace id or `expiresIn` is not positive.
 */
export async function createJwt(options: JwtOptions): Promise<string> {
  const { signingKey, name, scopes, limits, expiresIn, clock = Date.now } = options;
  if (!(expiresIn > 0)) throw invalid("expiresIn", "a positive number of seconds", String(expiresIn));
  const claims = {
    workspace_id: options.workspaceId ?? workspaceOf(signingKey),
    name,
    exp: Math.floor(clock() / 1000 + expiresIn),
    scopes: scopes.map(scopeClaim),
    ...(limits === undefined ? {} : { limits }),
  };
  const content = `${encodeJson({ alg: "HS256", typ: "JWT" })}.${encodeJson(claims)}`;
  return `${content}.${base64url(await sign(content, signingKey))}`;
}

function scopeClaim(scope: JwtScope): object {
  if (scope.type !== "PIPES:READ" || scope.fixed_params === undefined) return scope;
  return { ...scope, fixed_params: parameterTexts(scope.fixed_params) };
}

async function sign(content: string, secret: string): Promise<Uint8Array> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await globalThis.crypto.subtle.importKey("raw", utf8(secret), algorithm, false, ["sign"]);
  return new Uint8Array(await globalThis.crypto.subtle.sign("HMAC", key, utf8(content)));
}

/** A static token is `p.PAYLOAD.SIGNATURE`, its payload JSON with the workspace as `u`. */
function workspaceOf(token: string): string {
  const payload = token.split(".")[1] ?? "";
  try {
    const { u } = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))) as { u?: unknown };
    if (typeof u === "string") return u;
  } catch {
    // Not of that form: told below.
  }
  throw invalid("workspaceId", "the UUID of the workspace, for it is not in the signing key", "nothing");
}

const invalid = (field: string, expected: string, received: string) =>
  new InvalidOptionError([{ field, expected, received }]);

const encodeJson = (value: object) => base64url(utf8(JSON.stringify(value)));

const base64url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
