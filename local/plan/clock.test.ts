import { expect, it } from "vitest";
import { freezeClock } from "./clock.ts";

const MOMENT = new Date("2026-01-02T03:04:05.678Z");

it.each([
  ["SELECT now()", "SELECT toDateTime(1767323045)"],
  ["SELECT NOW('UTC') AS t", "SELECT toDateTime(1767323045, 'UTC') AS t"],
  ["SELECT now64(), now64(6)", "SELECT toDateTime64(1767323045.678, 3), toDateTime64(1767323045.678, 6)"],
  ["SELECT today(), yesterday()", "SELECT toDate(1767323045), toDate(1767236645)"],
  ["SELECT 'now()', now AS n -- now()", "SELECT 'now()', now AS n -- now()"],
])("%s", (sql, frozen) => {
  expect(freezeClock(sql, MOMENT)).toBe(frozen);
});
