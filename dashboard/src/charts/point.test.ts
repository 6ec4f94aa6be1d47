import { describe, expect, it } from "vitest";
import type { EngagementTimeseriesRow } from "../rows.ts";
import { changeAt, placeOf, seriesOf, spokenPoint } from "./point.ts";

const row = (minute: number, interactions: number, rest: Partial<EngagementTimeseriesRow> = {}) => ({
  bucket: `2026-11-23 07:0${minute}:00`,
  bucket_local: `2026-11-23 08:0${minute}:00`,
  interactions,
  engagement: 10 * interactions,
  unique_users: 1,
  is_partial: 0,
  previous_interactions: 61,
  previous_engagement: null,
  previous_unique_users: null,
  series: "",
  ...rest,
});

const [series] = seriesOf([row(0, 68), row(1, 5, { is_partial: 1 })], "interactions");
const points = series?.points ?? [];

describe("a bucket", () => {
  it.each([
    [0, "Mon 23 Nov, 08:00: 68, before 61"],
    [1, "Mon 23 Nov, 08:01: 5 so far, before 61"],
    [7, ""],
  ])("%s is spoken: %s", (index, words) => expect(spokenPoint(points, index)).toBe(words));

  it("that is cut is not compared", () => {
    expect(points.map((point) => changeAt(point)?.text)).toEqual(["▲ 11 %", undefined]);
  });

  it("keeps its place by its name when others come and go", () => {
    expect(placeOf(points, "2026-11-23 07:01:00")).toBe(1);
    expect(placeOf(points.slice(1), "2026-11-23 07:01:00")).toBe(0);
    expect(placeOf(points.slice(1), "2026-11-23 07:00:00")).toBeNull();
    expect(placeOf(points, null)).toBeNull();
  });
});

it("series stand with the largest first", () => {
  const rows = [row(0, 1, { series: "a" }), row(0, 9, { series: "b" })];
  expect(seriesOf(rows, "engagement").map(({ name }) => name)).toEqual(["b", "a"]);
});
