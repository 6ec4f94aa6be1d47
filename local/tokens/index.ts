/** The door of this folder: what tokens are, what they allow, and where those of a workspace are kept. */
export { allows, allowsSome, fixedParams, rowFilters } from "./access.ts";
export { datafileTokens } from "./datafile-tokens.ts";
export { claimedWorkspace, type JwtIssuer, type JwtRequest, jwtRequest, signJwt, verifyJwt } from "./jwt.ts";
export { familyOf, parseScope, SCOPE_TYPES, type Scope, type ScopeType } from "./scope.ts";
export { TokenStore } from "./store.ts";
export {
  type Credential,
  digest,
  type Mint,
  mintToken,
  sameSecret,
  signingKey,
  type Token,
} from "./token.ts";
