import { describe, expect, it } from "vitest";
import { compareColumns } from "./view-columns.ts";

const errors = (given: string, wanted: string) =>
  compareColumns([{ name: "c", type: given }], [{ name: "c", type: wanted }], "t").errors;

describe("a column of a view and the one that it fills", () => {
  it.each([
    ["UInt64", "UInt64"],
    ["UInt64", "SimpleAggregateFunction(sum, UInt64)"],
    ["SimpleAggregateFunction(max, DateTime)", "DateTime"],
    ["SimpleAggregateFunction(groupUniqArrayArray, Array(String))", "Array(String)"],
    ["SimpleAggregateFunction(quantile(0.5), Float64)", "Float64"],
    ["String", "LowCardinality(String)"],
    ["Array(LowCardinality(String))", "Array(String)"],
    ["Map(LowCardinality(String), UInt64)", "Map(String, UInt64)"],
    ["LowCardinality(String)", "LowCardinality(Nullable(String))"],
    ["AggregateFunction(uniq, LowCardinality(String))", "AggregateFunction(uniq, String)"],
    ["DateTime", "DateTime('UTC')"],
    ["DateTime64(3, 'UTC')", "DateTime64(3)"],
  ])("%s fits %s", (given, wanted) => {
    expect(errors(given, wanted)).toEqual([]);
  });

  it.each([
    ["UInt64", "Int64"],
    ["UInt8", "UInt64"],
    ["String", "UInt64"],
    ["Nullable(String)", "String"],
    ["DateTime", "DateTime64(3)"],
    ["DateTime64(3)", "DateTime64(6)"],
    ["AggregateFunction(sum, UInt64)", "AggregateFunction(sum, UInt32)"],
    ["AggregateFunction(sum, UInt64)", "SimpleAggregateFunction(sum, UInt64)"],
    ["Array(Nullable(String))", "Array(String)"],
  ])("%s does not fit %s", (given, wanted) => {
    expect(errors(given, wanted)).toEqual([
      `column 'c' is ${given}, but ${wanted} in the target data source 't'`,
    ]);
  });
});
