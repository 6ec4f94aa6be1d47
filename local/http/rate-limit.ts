/** Requests of the Events API in a second for each data source, as Tinybird documents it. */
export const EVENTS_PER_SECOND = 100;

/** Milliseconds of a window. */
const WINDOW_MS = 1_000;

/** How one request stands to the limit. */
export interface RateWindow {
  readonly limit: number;
  readonly isWithin: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** Counts requests by key in windows of one second. */
export class RateLimit {
  /** Requests in a window, unless a call says otherwise. */
  private readonly limit: number;
  private readonly now: () => number;
  private window = 0;
  private counts = new Map<string, number>();

  constructor(limit: number, now: () => number = Date.now) {
    this.limit = limit;
    this.now = now;
  }

  /** Counts one request. Reset is in whole seconds: the window is one, so it is always 1. */
  take(key: string, limit = this.limit): RateWindow {
    const window = Math.floor(this.now() / WINDOW_MS);
    if (window !== this.window) {
      this.window = window;
      this.counts = new Map();
    }
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    const headers = {
      "X-RateLimit-Limit": String(limit),
      "X-RateLimit-Remaining": String(Math.max(0, limit - count)),
      "X-RateLimit-Reset": "1",
    };
    return { limit, isWithin: count <= limit, headers };
  }
}
