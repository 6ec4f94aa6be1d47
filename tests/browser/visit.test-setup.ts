import type { Browser, Page, Request } from "playwright-core";
import { AS_OF } from "../../scripts/browser/fixture.ts";

/** One question of the page to an endpoint. */
export interface Asked {
  readonly pipe: string;
  readonly params: URLSearchParams;
  readonly url: string;
  /** Of the request, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds on the clock of the page when it left. */
  readonly at: number;
}

export interface VisitOptions {
  /** From `?` on. Default: none. */
  readonly search?: string;
  /** Pixels. Default 1440 × 900. */
  readonly width?: number;
  readonly height?: number;
  readonly theme?: "light" | "dark";
  /** Zone of the browser. Default: UTC. */
  readonly zone?: string;
  /** Set up before the page is opened: routes that fail, scripts that watch. */
  readonly prepare?: (page: Page) => Promise<unknown>;
  /** Whether to wait until every card has its answer. Default: yes. */
  readonly isComplete?: boolean;
  /** For tools that put a script into the page. Default: no. */
  readonly bypassPolicy?: boolean;
  /** Default: the site's own. */
  readonly origin?: string;
}

/** A page that somebody looks at, and all that it asks and complains of. */
export interface Visit {
  readonly page: Page;
  /** To endpoints, in order. */
  readonly asked: readonly Asked[];
  /** Of `POST /dashboard/token`. */
  readonly tokenRequests: readonly Request[];
  /** Errors of the console, reports of the policy, faults that nobody caught. */
  readonly complaints: readonly string[];
  /** The questions since a number of them: `since(asked.length)`. */
  since(count: number): readonly Asked[];
  /** Moves the clock of the page, and lets it answer on the way. */
  advance(seconds: number): Promise<void>;
  /** Resolves when no question is on its way. */
  settled(): Promise<void>;
}

/** Milliseconds that pass on the page's clock before answers are waited for. */
const STEP_MS = 1_000;

const PIPE = /\/v0\/pipes\/(\w+)\.json/;

/** Opens the page at the moment of the fixture, in a context of its own. */
export async function visit(browser: Browser, origin: string, options: VisitOptions = {}): Promise<Visit> {
  const context = await browser.newContext(contextOptions(options));
  const page = await context.newPage();
  await page.clock.install({ time: AS_OF });
  const seen = watch(page);
  await options.prepare?.(page);
  await page.goto(`${options.origin ?? origin}/dashboard/${options.search ?? ""}`);
  const opened = { page, ...seen };
  if (options.isComplete !== false) await complete(opened);
  return opened;
}

function contextOptions(options: VisitOptions): NonNullable<Parameters<Browser["newContext"]>[0]> {
  return {
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.theme ?? "light",
    timezoneId: options.zone ?? "UTC",
    locale: "en-GB",
    reducedMotion: "no-preference",
    bypassCSP: options.bypassPolicy === true,
  };
}

type Seen = Omit<Visit, "page">;

function watch(page: Page): Seen {
  const [asked, tokenRequests, complaints]: [Asked[], Request[], string[]] = [[], [], []];
  const running = new Set<Request>();
  let clock = 0;
  page.on("request", (request) => {
    if (request.method() === "POST") tokenRequests.push(request);
    const question = questionOf(request, clock);
    if (question === null) return;
    asked.push(question);
    running.add(request);
  });
  page.on("requestfinished", (request) => running.delete(request));
  page.on("requestfailed", (request) => running.delete(request));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  const settled = async () => {
    // An answer is drawn in a turn of its own; a question that follows it leaves in the same one.
    for (let quiet = 0; quiet < 2; quiet = running.size === 0 ? quiet + 1 : 0) await page.waitForTimeout(15);
  };
  return {
    asked,
    tokenRequests,
    complaints,
    since: (count) => asked.slice(count),
    settled,
    async advance(seconds) {
      for (let left = seconds * 1000; left > 0; left -= STEP_MS) {
        await page.clock.runFor(Math.min(STEP_MS, left));
        clock += Math.min(STEP_MS, left);
        await settled();
      }
    },
  };
}

function questionOf(request: Request, at: number): Asked | null {
  const url = new URL(request.url());
  const [, pipe] = PIPE.exec(url.pathname) ?? [];
  if (pipe === undefined || request.method() !== "GET") return null;
  return { pipe, params: url.searchParams, url: url.href, headers: request.headers(), at };
}

/** Every card has its answer, and is drawn. */
export async function complete({ page, settled }: Pick<Visit, "page" | "settled">): Promise<void> {
  await page.locator("main").waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
  await settled();
}
