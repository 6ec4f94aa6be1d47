import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "./errors.ts";
import type { ClientOptions } from "./options.ts";
import { settingsOf } from "./settings.ts";

const required = { host: "http://127.0.0.1:7181", token: "p.secret" };
const errorOf = (options: unknown): unknown => {
  try {
    return settingsOf(options as ClientOptions);
  } catch (error) {
    return error;
  }
};

describe("the options", () => {
  it("have the documented defaults", () => {
    const { clock, random, sleep, ...settings } = settingsOf(required);
    expect(settings).toEqual({
      ...required,
      wait: true,
      validate: true,
      batch: { maxBytes: 1_000_000, maxRows: 10_000, maxDelayMs: 200 },
      queue: { maxBytes: 64_000_000, highWaterBytes: 16_000_000, overflow: "reject" },
      concurrency: 4,
      maxRequestsPerSecond: 100,
      compression: { encoding: "gzip", minBytes: 1_024 },
      exit: { beforeExit: true, signals: [], timeoutMs: 10_000 },
      dates: "text",
      timeoutMs: 30_000,
      retry: { maxAttempts: 100, maxElapsedMs: 600_000, baseMs: 200, capMs: 30_000 },
    });
    expect(clock).toBe(Date.now);
    expect([random, sleep].map((option) => typeof option)).toEqual(["function", "function"]);
  });

  it("set no end to the tries where events are on disk, unless told", () => {
    const spool = { dir: "spool" };
    const limits = (retry: ClientOptions["retry"] = {}) => settingsOf({ ...required, spool, retry }).retry;
    const endless = Number.POSITIVE_INFINITY;
    expect(limits()).toMatchObject({ maxAttempts: endless, maxElapsedMs: endless });
    expect(limits({ maxElapsedMs: 5 })).toMatchObject({ maxAttempts: endless, maxElapsedMs: 5 });
  });

  it("can all be given", () => {
    const options: Required<ClientOptions<"date">> = {
      ...required,
      wait: false,
      validate: false,
      batch: { maxBytes: 1, maxRows: 1, maxDelayMs: 0 },
      queue: { maxBytes: 10, highWaterBytes: 5, overflow: "wait" },
      concurrency: 1,
      maxRequestsPerSecond: 1,
      compression: { encoding: "zstd", minBytes: 0 },
      spool: { dir: "spool", maxBytes: 10, durable: false, fsync: true },
      exit: { beforeExit: false, signals: true, timeoutMs: 1 },
      dates: "date",
      tracer: {
        startSpan: () => {
          throw new Error("not called");
        },
      },
      meter: { createCounter: () => ({ add: () => {} }) },
      onRejected: () => {},
      onReplay: () => {},
      warn: () => {},
      timeoutMs: 1,
      retry: { maxAttempts: 1, maxElapsedMs: 0, baseMs: 0, capMs: 0 },
      onUndeliverable: () => {},
      onQuarantined: () => {},
      fetch,
      clock: () => 0,
      random: () => 0,
      sleep: async () => {},
    };
    expect(settingsOf(options)).toEqual({
      ...options,
      spool: { ...options.spool, highWaterBytes: 9 },
      exit: { ...options.exit, signals: ["SIGTERM", "SIGINT"] },
    });
  });

  it.each<[string, unknown, string]>([
    ["a token that is missing", { host: required.host }, "token"],
    ["a host that is no URL", { ...required, host: "127.0.0.1" }, "host"],
    ["a host with a password", { ...required, host: "http://me:pass@example.com" }, "host"],
    ["a host with a query", { ...required, host: "http://example.com?token=p.secret" }, "host"],
    ["a protocol other than HTTP", { ...required, host: "ftp://example.com" }, "host"],
    ["a token with a line break", { ...required, token: "p.secret\nx-evil: 1" }, "token"],
    ["a size of 0", { ...required, batch: { maxBytes: 0 } }, "batch.maxBytes"],
    ["half a row", { ...required, batch: { maxRows: 1.5 } }, "batch.maxRows"],
    ["a delay beyond timers", { ...required, batch: { maxDelayMs: 2 ** 31 } }, "batch.maxDelayMs"],
    ["no time for an attempt", { ...required, timeoutMs: 0 }, "timeoutMs"],
    ["an unknown policy", { ...required, queue: { overflow: "drop" } }, "queue.overflow"],
    ["an option that does not exist", { ...required, retries: 3 }, "retries"],
    ["an option that does not exist, deeper", { ...required, retry: { times: 3 } }, "retry.times"],
    ["a callback that is no function", { ...required, onUndeliverable: "log" }, "onUndeliverable"],
    ["no options at all", undefined, "options"],
  ])("refuse %s and name it", (_, options, field) => {
    const error = errorOf(options);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toHaveProperty("field", field);
    expect(String(error)).not.toMatch(/secret|pass@/);
  });
});
