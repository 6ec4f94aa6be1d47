import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  askedWaitMs,
  decideRetry,
  fullJitter,
  isRetryableForEvents,
  isRetryableForQueries,
  MAX_RETRY_AFTER_MS,
} from "./retry.ts";

const limits = { maxAttempts: 5, maxElapsedMs: 60_000, baseMs: 100, capMs: 1_000 };
const half = () => 0.5;

describe("after a failed attempt", () => {
  it.each([
    ["the first retry waits within the base", { attempt: 1, elapsedMs: 0 }, 50],
    ["each further one within twice as much", { attempt: 3, elapsedMs: 0 }, 200],
    ["up to the cap", { attempt: 4, elapsedMs: 0 }, 400],
  ])("%s", (_, failed, delayMs) => {
    const decision = decideRetry({ ...failed, retryable: true }, limits, half);
    expect(decision).toEqual({ retry: true, delayMs, shared: false });
  });

  it.each([
    ["it cannot help", { attempt: 1, elapsedMs: 0, retryable: false }],
    ["the attempts are used up", { attempt: 5, elapsedMs: 0, retryable: true }],
    ["the time is used up", { attempt: 1, elapsedMs: 59_960, retryable: true }],
    [
      "the service asks for more time than is left",
      { attempt: 1, elapsedMs: 50_000, retryable: true, retryAfterMs: 10_001 },
    ],
  ])("stops when %s", (_, failed) => {
    expect(decideRetry(failed, limits, half)).toEqual({ retry: false });
  });

  it("waits as long as the service asks and a jitter, for all batches", () => {
    const failed = { attempt: 1, elapsedMs: 0, retryable: true, retryAfterMs: 7_000 };
    expect(decideRetry(failed, limits, half)).toEqual({ retry: true, delayMs: 7_050, shared: true });
  });

  it("falls back on its own delay when the service asks for none", () => {
    const failed = { attempt: 1, elapsedMs: 0, retryable: true, retryAfterMs: 0 };
    expect(decideRetry(failed, limits, half)).toEqual({ retry: true, delayMs: 50, shared: false });
  });

  it("never waits longer than the cap on its own account", () => {
    const attempt = fc.integer({ min: 1, max: 2_000 });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(attempt, random, (n, r) => {
        const delay = fullJitter(n, limits, () => r);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThan(limits.capMs);
      }),
    );
  });
});

describe("the wait that an answer asks for", () => {
  const now = Date.UTC(2026, 0, 1);
  it.each<[string, Record<string, string>, number | undefined]>([
    ["seconds", { "retry-after": "3" }, 3_000],
    ["parts of a second", { "retry-after": "0.5" }, 500],
    ["an HTTP date", { "retry-after": "Thu, 01 Jan 2026 00:00:10 GMT" }, 10_000],
    ["a date that is over", { "retry-after": "Wed, 31 Dec 2025 23:00:00 GMT" }, 0],
    ["a negative number", { "retry-after": "-5" }, 0],
    ["a day, cut to the limit", { "retry-after": "86400" }, MAX_RETRY_AFTER_MS],
    ["the reset, in seconds", { "x-ratelimit-reset": "2" }, 2_000],
    ["the reset, as Unix time", { "x-ratelimit-reset": String(now / 1000 + 4) }, 4_000],
    ["Retry-After before the reset", { "retry-after": "1", "x-ratelimit-reset": "9" }, 1_000],
    ["the reset when Retry-After cannot be read", { "retry-after": "soon", "x-ratelimit-reset": "9" }, 9_000],
    ["nothing", {}, undefined],
    ["an empty header", { "retry-after": " " }, undefined],
  ])("%s", (_, headers, ms) => expect(askedWaitMs(429, (name) => headers[name], now)).toBe(ms));

  it.each<[string, number, Record<string, string>, number | undefined]>([
    ["not the reset of a limit that is not used up", 500, { "x-ratelimit-reset": "2" }, undefined],
    [
      "the reset when an answer used the limit up",
      200,
      { "x-ratelimit-reset": "2", "x-ratelimit-remaining": "0" },
      2_000,
    ],
    ["Retry-After of any status", 503, { "retry-after": "3" }, 3_000],
  ])("%s", (_, status, headers, ms) => {
    expect(askedWaitMs(status, (name) => headers[name], now)).toBe(ms);
  });
});

describe("a status after which the same request may succeed", () => {
  it.each([
    [408, true, false],
    [409, true, false],
    [429, true, true],
    [500, true, true],
    [502, true, true],
    [503, true, true],
    [504, true, true],
    [507, true, true],
    [522, true, true],
    [200, false, false],
    [400, false, false],
    [403, false, false],
    [404, false, false],
    [413, false, false],
    [422, false, false],
    [501, false, false],
    [505, false, false],
  ])("%s: for events %s, for queries %s", (status, forEvents, forQueries) => {
    expect([isRetryableForEvents(status), isRetryableForQueries(status)]).toEqual([forEvents, forQueries]);
  });
});
