import { describe, expect, it } from "vitest";
import { columnOf, engineForTests } from "../../engine.test-setup.ts";
import { mayCall, mayReadFrom } from "./functions.ts";

const engine = engineForTests();

/** Categories of which every function is pure arithmetic on its arguments; the others are looked at one by one. */
const PURE = [
  "Type Conversion,String,Encryption,IP Address,JSON,Distance,Hash,Geo,Geo Polygon,URL,Dates and Times,UUID",
  "Arithmetic,Mathematical,Aggregate Functions,String Splitting,Logical,Arrays,Null,Encoding,Bit,Bitmap,Rounding",
  "Conditional,String Search,QBit,Tuple,Comparison,Map,Financial,String Replacement,Random Number,Time Window",
  "NumericIndexedVector,Time Series",
]
  .join(",")
  .split(",");

/** The functions of the other categories that were looked at and may be called. */
const LOOKED_AT = new Set(
  `_CAST MACNumToString MACStringToNum MACStringToOUI bar blockNumber blockSerializedSize blockSize byteSize
  caseWithExpression colorOKLABToSRGB colorOKLCHToSRGB colorSRGBToOKLAB colorSRGBToOKLCH countDigits
  defaultValueOfArgumentType defaultValueOfTypeName digits dumpColumnStructure errorCodeToName finalizeAggregation
  flipCoordinates formatQuery formatQueryOrNull formatQuerySingleLine formatQuerySingleLineOrNull
  formatReadableDecimalSize formatReadableQuantity formatReadableSize formatReadableTimeDelta generateRandomStructure
  getSizeOfEnumType getSubcolumn getTypeSerializationStreams highlightQuery icebergBucket icebergTruncate identity
  ignore indexHint initializeAggregation isConstant isDecimalOverflow joinGet joinGetOrNull lowCardinalityIndices
  lowCardinalityKeys materialize minSampleSizeContinuous minSampleSizeConversion neighbor nested normalizeQuery
  normalizeQueryKeepNames normalizedQueryHash normalizedQueryHashKeepNames obfuscateQuery obfuscateQueryWithSeed
  parseReadableSize parseReadableSizeOrNull parseReadableSizeOrZero parseTimeDelta revision rowNumberInAllBlocks
  rowNumberInBlock runningAccumulate runningConcurrency runningDifference runningDifferenceStartingWithFirstValue
  structureToCapnProtoSchema structureToProtobufSchema throwIf toColumnTypeName toTypeName tokenizeQuery transform
  validateNestedArraySizes variantElement variantType version visibleWidth`.split(/\s+/),
);

describe("the engine's own lists", () => {
  it("hold no function that nobody has decided on", async () => {
    const open = await columnOf(
      engine,
      `SELECT name FROM system.functions
       WHERE alias_to = '' AND NOT is_aggregate AND categories NOT IN (${PURE.map((each) => `'${each}'`).join(", ")})`,
    );
    expect(open.filter((name) => mayCall(String(name)) && !LOOKED_AT.has(String(name)))).toEqual([]);
  });

  it("hold no other name for a refused function", async () => {
    const aliases = await columnOf(
      engine,
      "SELECT concat(name, ' ', alias_to) FROM system.functions WHERE alias_to != ''",
    );
    const open = aliases.filter((pair) => {
      const [alias = "", name = ""] = String(pair).split(" ");
      return mayCall(alias) && !mayCall(name);
    });
    expect(open).toEqual([]);
  });

  it("hold these table functions that read nothing from outside", async () => {
    const all = await columnOf(engine, "SELECT name FROM system.table_functions ORDER BY lower(name)");
    expect(all.filter((name) => mayReadFrom(String(name)))).toEqual([
      ..."format generate_series generateRandom generateSeries null numbers numbers_mt primes values view".split(
        " ",
      ),
      ..."zeros zeros_mt".split(" "),
    ]);
  });

  it("hold no table function that could be called anywhere else", async () => {
    const all = await columnOf(
      engine,
      `SELECT name FROM system.table_functions
       WHERE lower(name) NOT IN (SELECT lower(name) FROM system.functions)`,
    );
    expect(all.filter((name) => mayCall(String(name)) && !mayReadFrom(String(name)))).toEqual([]);
  });

  it("name every function that takes another one array… or map…", async () => {
    const others = await columnOf(
      engine,
      `SELECT name FROM system.functions
       WHERE (syntax ILIKE '%func%' OR syntax LIKE '%->%') AND NOT match(name, '^(array|map)')`,
    );
    // It takes an aggregate function, by name in a string.
    expect(others).toEqual(["initializeAggregation"]);
  });
});
