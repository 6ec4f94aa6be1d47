/**
 * Names of ClickHouse types and aggregate functions, from `system.data_type_families`, `system.functions` and
 * `system.aggregate_function_combinators` of ClickHouse 26.
 */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const CASE_SENSITIVE = words(`
  AggregateFunction Array BFloat16 Dynamic Enum16 Enum8 FixedString Float32 Float64 Geometry IPv4 IPv6
  Int8 Int16 Int32 Int64 Int128 Int256 UInt8 UInt16 UInt32 UInt64 UInt128 UInt256
  IntervalNanosecond IntervalMicrosecond IntervalMillisecond IntervalSecond IntervalMinute IntervalHour
  IntervalDay IntervalWeek IntervalMonth IntervalQuarter IntervalYear
  LineString LowCardinality Map MultiLineString MultiPolygon Nested Nothing Nullable Point Polygon QBit Ring
  SimpleAggregateFunction String Tuple UUID Variant
`);

const CASE_INSENSITIVE = words(`
  Bool Date Date32 DateTime DateTime64 Decimal Decimal32 Decimal64 Decimal128 Decimal256 Enum JSON Time Time64
`);

/** SQL names by the family they stand for; every one is matched in any case. */
const SQL_NAMES: Readonly<Record<string, string>> = {
  Int8: "BYTE, INT1, INT1 SIGNED, TINYINT, TINYINT SIGNED",
  UInt8: "INT1 UNSIGNED, TINYINT UNSIGNED",
  Int16: "SMALLINT, SMALLINT SIGNED",
  UInt16: "SMALLINT UNSIGNED, YEAR",
  Int32: "INT, INT SIGNED, INTEGER, INTEGER SIGNED, MEDIUMINT, MEDIUMINT SIGNED",
  UInt32: "INT UNSIGNED, INTEGER UNSIGNED, MEDIUMINT UNSIGNED",
  Int64: "BIGINT, BIGINT SIGNED, SIGNED",
  UInt64: "BIGINT UNSIGNED, UNSIGNED, BIT, SET",
  Float32: "FLOAT, REAL, SINGLE",
  Float64: "DOUBLE, DOUBLE PRECISION",
  Decimal: "DEC, FIXED, NUMERIC",
  DateTime: "DATETIME32, TIMESTAMP",
  FixedString: "BINARY",
  IPv4: "INET4",
  IPv6: "INET6",
  String: `BINARY LARGE OBJECT, BINARY VARYING, BLOB, BYTEA, CHAR, CHAR LARGE OBJECT, CHAR VARYING, CHARACTER,
    CHARACTER LARGE OBJECT, CHARACTER VARYING, CLOB, LONGBLOB, LONGTEXT, MEDIUMBLOB, MEDIUMTEXT, NATIONAL CHAR,
    NATIONAL CHAR VARYING, NATIONAL CHARACTER, NATIONAL CHARACTER LARGE OBJECT, NATIONAL CHARACTER VARYING, NCHAR,
    NCHAR LARGE OBJECT, NCHAR VARYING, NVARCHAR, TEXT, TINYBLOB, TINYTEXT, VARBINARY, VARCHAR, VARCHAR2`,
};

const exactNames: ReadonlySet<string> = new Set([...CASE_SENSITIVE, ...CASE_INSENSITIVE]);

const namesInAnyCase: ReadonlyMap<string, string> = new Map([
  ...CASE_INSENSITIVE.map((name) => [name.toUpperCase(), name] as const),
  ...Object.entries(SQL_NAMES).flatMap(([family, names]) =>
    names.split(/,\s*/).map((name) => [name, family] as const),
  ),
]);

/** Every family, for suggestions. */
export const FAMILIES: readonly string[] = [...exactNames];

/** No SQL name of a type has more words than NATIONAL CHARACTER LARGE OBJECT. */
export const MAX_WORDS_IN_FAMILY = 4;

/** The family a type's name stands for (`INT` is `Int32`), or null when there is none. */
export function familyOf(name: string): string | null {
  return exactNames.has(name) ? name : (namesInAnyCase.get(name.toUpperCase()) ?? null);
}

/** Every variant exists for quantile, quantiles and median. */
const QUANTILE_VARIANTS = [
  "",
  ...words(`
    BFloat16 BFloat16Weighted DD Deterministic Exact ExactExclusive ExactHigh ExactInclusive ExactLow ExactWeighted
    ExactWeightedInterpolated GK InterpolatedWeighted PrometheusHistogram TDigest TDigestWeighted Timing TimingWeighted
  `),
];

const AGGREGATES_IN_ANY_CASE = words(`
  sum count avg min max corr any_value first_value last_value max_by min_by array_agg array_concat_agg group_concat
  string_agg anova approx_top_count approx_top_k approx_top_sum kolmogorovSmirnovTest
  bit_and bit_or bit_xor covar_pop covar_samp std stddev stddev_pop stddev_samp var_pop var_samp
`);

const AGGREGATES = words(`
  any anyHeavy anyLast anyLastRespectNulls anyLast_respect_nulls anyRespectNulls any_respect_nulls argAndMax argAndMin
  argMax argMin avgWeighted boundingRatio categoricalInformationValue contingency corrMatrix corrStable covarPop
  covarPopMatrix covarPopStable covarSamp covarSampMatrix covarSampStable cramersV cramersVBiasCorrected deltaSum
  deltaSumTimestamp distinctDynamicTypes distinctJSONPaths distinctJSONPathsAndTypes entropy estimateCompressionRatio
  exponentialMovingAverage exponentialTimeDecayedAvg exponentialTimeDecayedCount exponentialTimeDecayedMax
  exponentialTimeDecayedSum groupArray groupArrayInsertAt groupArrayIntersect groupArrayLast groupArrayMovingAvg
  groupArrayMovingSum groupArraySample groupArraySorted groupBitAnd groupBitOr groupBitXor groupBitmap groupBitmapAnd
  groupBitmapOr groupBitmapXor groupConcat groupUniqArray histogram intervalLengthSum kurtPop kurtSamp
  largestTriangleThreeBuckets lttb mannWhitneyUTest maxIntersections maxIntersectionsPosition maxMappedArrays meanZTest
  minMappedArrays nonNegativeDerivative nothing rankCorr retention sequenceCount sequenceMatch sequenceMatchEvents
  sequenceNextNode simpleLinearRegression singleValueOrNull skewPop skewSamp sparkBar sparkbar stddevPop stddevPopStable
  stddevSamp stddevSampStable stochasticLinearRegression stochasticLogisticRegression studentTTest
  studentTTestOneSample sumCount sumKahan sumMapFiltered sumMapFilteredWithOverflow sumMapWithOverflow sumMappedArrays
  sumWithOverflow theilsU topK topKWeighted uniq uniqCombined uniqCombined64 uniqExact uniqHLL12 uniqTheta uniqUpTo
  varPop varPopStable varSamp varSampStable welchTTest windowFunnel
`);

/** Suffixes that make a new aggregate function of another: `sumIf`, `uniqArray`, `countStateIf`. */
const COMBINATORS = words(`
  SimpleState OrDefault Distinct Resample ForEach ArgMax ArgMin OrNull Tuple Merge State Array Map If
`);

const exactAggregates: ReadonlySet<string> = new Set([
  ...AGGREGATES,
  ...QUANTILE_VARIANTS.flatMap((variant) => [
    `quantile${variant}`,
    `quantiles${variant}`,
    `median${variant}`,
  ]),
]);
const aggregatesInAnyCase: ReadonlySet<string> = new Set(
  AGGREGATES_IN_ANY_CASE.map((name) => name.toLowerCase()),
);

/** Whether the name is an aggregate function of ClickHouse, with or without combinators. */
export function isAggregateFunction(name: string): boolean {
  let base = name;
  while (!exactAggregates.has(base) && !aggregatesInAnyCase.has(base.toLowerCase())) {
    const suffix = COMBINATORS.find((combinator) => base.endsWith(combinator));
    if (suffix === undefined) return false;
    base = base.slice(0, -suffix.length);
  }
  return true;
}
