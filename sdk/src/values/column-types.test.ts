import { describe, expect, it } from "vitest";
import { floatOrNaN, int8, int32, int64, list, oneOf, string, uint8, uint64, uuid } from "./column-types.ts";

describe("an Int32", () => {
  it.each([
    [0, true],
    [-(2 ** 31), true],
    [2 ** 31 - 1, true],
    [2 ** 31, false],
    [-(2 ** 31) - 1, false],
    [1.5, false],
    [Number.NaN, false],
    [Number.POSITIVE_INFINITY, false],
    ["5", false],
    [5n, false],
  ])("%s: %s", (value, fits) => expect(int32().safeParse(value).success).toBe(fits));
});

describe("the other types", () => {
  it.each([
    ["Int8 up to 127", int8(), 127, true],
    ["Int8 not beyond", int8(), 128, false],
    ["UInt8 not below 0", uint8(), -1, false],
    ["Int64 up to 2⁵³ - 1", int64(), Number.MAX_SAFE_INTEGER, true],
    ["UInt64 not beyond 2⁵³ - 1, where numbers lose digits", uint64(), 2 ** 53, false],
    ["UUID", uuid(), "0192d3c4-0000-7000-8000-000000000000", true],
    ["UUID not as any text", uuid(), "0192", false],
    ["Enum by label", oneOf(["day", "hour"]), "day", true],
    ["Enum not another label", oneOf(["day", "hour"]), "week", false],
    ["a list", list(string()), ["a", "b"], true],
    ["a list, but no item with a comma", list(string()), ["a,b"], false],
  ])("%s", (_, type, value, fits) => expect(type.safeParse(value).success).toBe(fits));

  it("a float that JSON cannot hold comes as null and is read as NaN", () => {
    expect(floatOrNaN().parse(null)).toBeNaN();
    expect(floatOrNaN().parse(1.5)).toBe(1.5);
  });
});
