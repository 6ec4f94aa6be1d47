import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkDataType } from "./check-type.ts";
import { type DataType, readDataType } from "./data-type.ts";

function tree(text: string): DataType {
  const read = readDataType(text);
  if (!read.ok) throw new Error(read.message);
  return read.type;
}

const plain = (family: string): DataType => ({ family, arguments: [] });
const type = (family: string) => ({ kind: "type", type: plain(family) });

describe("readDataType", () => {
  it.each<[string, unknown]>([
    ["UInt64", plain("UInt64")],
    [" text ", plain("String")],
    ["datetime", plain("DateTime")],
    ["national  character varying", plain("String")],
    [
      "Array(Nullable(Int8))",
      {
        family: "Array",
        arguments: [{ kind: "type", type: { family: "Nullable", arguments: [type("Int8")] } }],
      },
    ],
    [
      "DateTime64(3, 'UTC')",
      {
        family: "DateTime64",
        arguments: [
          { kind: "number", text: "3" },
          { kind: "string", value: "UTC" },
        ],
      },
    ],
    [
      "Enum8('it''s' = -1, 'b')",
      {
        family: "Enum8",
        arguments: [
          { kind: "pair", name: "it's", value: "-1" },
          { kind: "string", value: "b" },
        ],
      },
    ],
    [
      "Tuple(lat Float64, `lon g` INT)",
      {
        family: "Tuple",
        arguments: [
          { kind: "named", name: "lat", type: plain("Float64") },
          { kind: "named", name: "lon g", type: plain("Int32") },
        ],
      },
    ],
    ["Tuple(double precision)", { family: "Tuple", arguments: [type("Float64")] }],
    [
      "JSON(max_dynamic_types=4, a.b Date, SKIP c.d, SKIP REGEXP 'e.*')",
      {
        family: "JSON",
        arguments: [
          { kind: "pair", name: "max_dynamic_types", value: "4" },
          { kind: "named", name: "a.b", type: plain("Date") },
          { kind: "skip", path: "c.d" },
          { kind: "skip", path: "e.*" },
        ],
      },
    ],
    [
      "AggregateFunction(topK(10), String)",
      {
        family: "AggregateFunction",
        arguments: [
          { kind: "type", type: { family: "topK", arguments: [{ kind: "number", text: "10" }] } },
          type("String"),
        ],
      },
    ],
  ])("reads %s", (text, expected) => {
    expect(tree(text)).toEqual(expected);
  });

  it.each([
    ["", "expected a type, got the end"],
    ["Array(", "expected a type, got the end"],
    ["Array(String", "expected ',', got the end"],
    ["Array(String))", "unexpected ')' after Array"],
    ["String title String", "unexpected 'title' after String; is a comma missing before it?"],
    ["Array(@)", "expected a type, got '@'"],
  ])("refuses %j: %s", (text, message) => {
    expect(readDataType(text)).toEqual({ ok: false, message });
  });

  it("bears any depth of nesting", () => {
    expect(readDataType("Array(".repeat(100_000))).toMatchObject({ ok: false });
  });

  it("gives a tree or a message for any text", () => {
    const pieces = fc.constantFrom(
      "Array",
      "(",
      ")",
      ",",
      "=",
      "'",
      "`",
      "1",
      " ",
      "Int",
      "UNSIGNED",
      "SKIP",
      "\\",
      "é",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((parts) => parts.join("")),
        ),
        (text) => {
          const read = readDataType(text);
          if (read.ok) checkDataType(read.type);
        },
      ),
    );
  });
});

describe("checkDataType", () => {
  it.each([
    "LowCardinality(Nullable(String))",
    "Map(LowCardinality(String), Array(UInt8))",
    "Nested(name String, at DateTime)",
    "Variant(Array(UInt8), String)",
    "Nullable(JSON)",
    "Decimal(76, 10)",
    "AggregateFunction(1, uniqArrayIf, Array(UInt64), UInt8)",
    "AggregateFunction(quantilesTDigest(0.5), Float32)",
    "SimpleAggregateFunction(sum, Nullable(UInt64))",
    "SimpleAggregateFunction(sumMap, Tuple(Array(String), Array(UInt64)))",
    "Nullable(SimpleAggregateFunction(anyLast, String))",
    "BIGINT UNSIGNED",
  ])("accepts %s", (text) => {
    expect(checkDataType(tree(text))).toBeNull();
  });

  it.each([
    ["Array(Strin)", "Unknown data type family: Strin. Maybe you meant: ['String']"],
    ["Wat", "Unknown data type family: Wat"],
    ["array(String)", "Unknown data type family: array. Maybe you meant: ['Array']"],
    ["Nullable(Map(String, String))", "Error parsing type: Nested type Map cannot be inside Nullable type"],
    ["Map(String)", "Error parsing type: Map expects 2 types in parentheses"],
    ["Array", "Error parsing type: Array expects one type in parentheses"],
    ["Decimal(77, 2)", "Wrong precision: it must be between 1 and 76, got 77"],
    ["AggregateFunction(counts)", "Error parsing type: Unknown aggregate function counts"],
    ["AggregateFunction(uniq, Strin)", "Unknown data type family: Strin. Maybe you meant: ['String']"],
    [
      "SimpleAggregateFunction(sum, Float32)",
      "Incompatible data types between aggregate function 'sum' which returns Float64 and column storage type Float32",
    ],
  ])("refuses %s", (text, message) => {
    expect(checkDataType(tree(text))).toBe(message);
  });
});
