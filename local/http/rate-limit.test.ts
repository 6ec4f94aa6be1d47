import { expect, it } from "vitest";
import { RateLimit } from "./rate-limit.ts";

it("lets as many through in a second as the limit says, by key", () => {
  const limit = new RateLimit(2, () => 5_000);
  expect(["a", "a", "a", "b"].map((key) => limit.take(key).isWithin)).toEqual([true, true, false, true]);
});

it("begins anew with the next second", () => {
  let now = 5_999;
  const limit = new RateLimit(1, () => now);
  limit.take("a");
  expect(limit.take("a").isWithin).toBe(false);
  now = 6_000;
  expect(limit.take("a").isWithin).toBe(true);
});

it("tells limit, remainder and reset as whole numbers", () => {
  const limit = new RateLimit(3, () => 5_000);
  expect(limit.take("a").headers).toEqual({
    "X-RateLimit-Limit": "3",
    "X-RateLimit-Remaining": "2",
    "X-RateLimit-Reset": "1",
  });
});
