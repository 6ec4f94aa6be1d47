import { Fault, faultOf } from "./fault.ts";

/** Milliseconds before its end at which a token is no longer used: the clocks of two machines differ. */
const SPARE = 30_000;

export interface PageToken {
  readonly token: string;
  /** Where to ask; empty for the page's own server. */
  readonly host: string;
}

export interface TokenSource {
  /** The token that counts now; asked for when there is none or it ends soon. @throws Fault */
  get(): Promise<PageToken>;
  /** Drops a token that the server did not take, unless another one has come since. */
  drop(token: PageToken): void;
}

interface Kept {
  readonly token: Promise<PageToken>;
  /** The same once it came. */
  came: PageToken | null;
  until: number;
}

/** Keeps the token in this closure: no storage, no URL, no log has it. All who ask at once share one request. */
export function tokenSource(fetch: typeof globalThis.fetch, now: () => number): TokenSource {
  let kept: Kept | null = null;

  async function ask(own: () => Kept): Promise<PageToken> {
    const { token, host, expires_in: seconds } = await request(fetch);
    const came = { token, host };
    Object.assign(own(), { came, until: now() + seconds * 1000 - SPARE });
    return came;
  }

  return {
    get() {
      if (kept !== null && now() < kept.until) return kept.token;
      const own: Kept = { token: ask(() => own), came: null, until: Number.POSITIVE_INFINITY };
      kept = own;
      own.token.catch(() => {
        if (kept === own) kept = null;
      });
      return own.token;
    },
    drop(token) {
      if (kept?.came === token) kept = null;
    },
  };
}

async function request(fetch: typeof globalThis.fetch): Promise<PageToken & { expires_in: number }> {
  const response = await fetch("/dashboard/token", { method: "POST", cache: "no-store" }).catch(() => {
    throw new Fault("unreachable", "The server does not answer");
  });
  if (!response.ok) throw await faultOf(response);
  return (await response.json()) as PageToken & { expires_in: number };
}
