import {
  allows,
  type Credential,
  claimedWorkspace,
  digest,
  type JwtIssuer,
  sameSecret,
  verifyJwt,
} from "./tokens/index.ts";
import { isUserToken, type Workspace } from "./workspace.ts";

/** Who calls: the user, who owns all workspaces, somebody with a token of one of them, or nobody with a reason. */
export type Identity =
  | { readonly kind: "user" }
  | { readonly kind: "member"; readonly workspace: Workspace; readonly credential: Credential }
  | { readonly kind: "nobody"; readonly reason: "INVALID_TOKEN" | "EXPIRED_TOKEN" };

/** Whom a secret is compared with. */
export interface KnownTokens {
  readonly userToken: string;
  readonly workspaces: readonly Workspace[];
  readonly now: Date;
}

/** Who shows this secret: the user's token, a static token of a workspace, or a JWT that one has signed. */
export async function identify(secret: string, known: KnownTokens): Promise<Identity> {
  if (sameSecret(secret, known.userToken)) return { kind: "user" };
  const wanted = digest(secret);
  for (const workspace of known.workspaces) {
    const token = workspace.tokens.find(wanted);
    if (token !== null) return { kind: "member", workspace, credential: token };
  }
  return identifyJwt(secret, known);
}

/** Whether somebody is the user, with the token of a workspace that stands for him. */
export function isUser({ credential }: Extract<Identity, { kind: "member" }>): boolean {
  return isUserToken(credential) && allows(credential, "ADMIN");
}

/** A workspace as the one that signs JWTs: with its admin's token, so that they end with it. */
export function issuerOf({ id, adminToken }: Workspace): JwtIssuer {
  return { workspaceId: id, adminToken };
}

async function identifyJwt(jwt: string, { workspaces, now }: KnownTokens): Promise<Identity> {
  const claimed = claimedWorkspace(jwt);
  const workspace = workspaces.find(({ id }) => id === claimed);
  if (workspace === undefined) return { kind: "nobody", reason: "INVALID_TOKEN" };
  const verified = await verifyJwt(jwt, issuerOf(workspace), now);
  return typeof verified === "string"
    ? { kind: "nobody", reason: verified }
    : { kind: "member", workspace, credential: verified };
}
