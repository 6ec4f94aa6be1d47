import type { Page, Route } from "playwright-core";

/** How a server answers a question, when it is not its own answer. */
export interface Fault {
  readonly status: number;
  /** Its own sentence. */
  readonly error: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const CORS = { "access-control-allow-origin": "*" };

/** Questions to these endpoints; all of them without a name. */
export function questions(...pipes: readonly string[]): RegExp {
  return pipes.length === 0 ? /\/v0\/pipes\// : new RegExp(`/v0/pipes/(${pipes.join("|")})\\.json`);
}

/** Answers with a fault. */
export function failing({ status, error, headers = {} }: Fault): (route: Route) => Promise<void> {
  return (route) => route.fulfill({ status, json: { error }, headers: { ...CORS, ...headers } });
}

/** Answers with rows. */
export function answering(rows: readonly object[]): (route: Route) => Promise<void> {
  return (route) => route.fulfill({ json: { meta: [], data: rows, rows: rows.length }, headers: CORS });
}

/** Nothing answers at all. */
export const dead = (route: Route): Promise<void> => route.abort("connectionrefused");

/** Holds questions back until they are let go. */
export async function holding(page: Page, pattern: RegExp): Promise<{ release(): Promise<void> }> {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  await page.route(pattern, async (route) => {
    await opened;
    // The page may have given up on it.
    await route.continue().catch(() => undefined);
  });
  return {
    async release() {
      open();
    },
  };
}
