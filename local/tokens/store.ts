import { DATAFILE_ORIGIN } from "./datafile-tokens.ts";
import type { Scope } from "./scope.ts";
import { digest, type Mint, type Token } from "./token.ts";

/** What a call says of a token that it makes or changes. */
export interface TokenDetails {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly description?: string;
}

export interface TokenStoreContext {
  readonly mint: Mint;
  /** Called after each change. */
  readonly save: () => void;
}

/** The tokens of one workspace. A secret is looked up by its digest, so that the time taken tells nothing of it. */
export class TokenStore {
  private byDigest = new Map<string, Token>();
  private readonly context: TokenStoreContext;

  constructor(tokens: readonly Token[], context: TokenStoreContext) {
    this.context = context;
    this.put(tokens);
  }

  list(): readonly Token[] {
    return [...this.byDigest.values()];
  }

  /** A token by the digest of its secret. */
  find(secretDigest: string): Token | null {
    return this.byDigest.get(secretDigest) ?? null;
  }

  /** A token by name, id or secret. */
  named(wanted: string): Token | null {
    const found = this.list().find((token) => token.name === wanted || token.id === wanted);
    return found ?? this.find(digest(wanted));
  }

  create(details: TokenDetails): Token {
    const token = { ...this.context.mint(), ...details, origin: "C" };
    this.put([...this.list(), token]);
    this.context.save();
    return token;
  }

  change(token: Token, details: Partial<TokenDetails>): Token {
    return this.replace(token, { ...token, ...details });
  }

  /** A new secret, and with it a new id; the old one is nobody's at once. */
  refresh(token: Token): Token {
    return this.replace(token, { ...token, ...this.context.mint() });
  }

  /** Takes a secret from outside in place of the one that a token has. */
  preset(token: Token, secret: string): void {
    if (token.token !== secret) this.replace(token, { ...token, token: secret });
  }

  remove(token: Token): void {
    this.put(this.list().filter((each) => each !== token));
    this.context.save();
  }

  /**
   * Puts the tokens of a new build in the place of those of the build before. A name is one token: where a call has
   * made one, the lines add their scopes to it.
   */
  replaceDatafileTokens(tokens: readonly Token[]): void {
    const granted = new Map(tokens.map((token) => [token.name, token]));
    const others = this.list()
      .filter(({ origin }) => origin !== DATAFILE_ORIGIN)
      .map((token) => {
        const lines = granted.get(token.name);
        granted.delete(token.name);
        return lines === undefined ? token : { ...token, scopes: union(token.scopes, lines.scopes) };
      });
    this.put([...others, ...granted.values()]);
  }

  private replace(token: Token, changed: Token): Token {
    this.put(this.list().map((each) => (each === token ? changed : each)));
    this.context.save();
    return changed;
  }

  private put(tokens: readonly Token[]): void {
    this.byDigest = new Map(tokens.map((token) => [digest(token.token), token]));
  }
}

function union(scopes: readonly Scope[], more: readonly Scope[]): readonly Scope[] {
  const known = new Set(scopes.map((scope) => JSON.stringify(scope)));
  return [...scopes, ...more.filter((scope) => !known.has(JSON.stringify(scope)))];
}
