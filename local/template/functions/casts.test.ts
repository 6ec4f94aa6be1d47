import { describe, expect, it } from "vitest";
import { reasonOf, sqlOf } from "../template.test-setup.ts";

describe("a whole number", () => {
  it.each([
    ["Int8", "-128", "toInt8('-128')"],
    ["Int16", "32767", "toInt16('32767')"],
    ["Int32", "+7", "toInt32('7')"],
    ["Int32", "007", "toInt32('7')"],
    ["Int32", "-0", "toInt32('0')"],
    ["Int64", "9223372036854775807", "toInt64('9223372036854775807')"],
    [
      "Int128",
      "-170141183460469231731687303715884105728",
      "toInt128('-170141183460469231731687303715884105728')",
    ],
    ["Int256", "1", "toInt256('1')"],
    ["UInt8", "255", "toUInt8('255')"],
    ["UInt64", "18446744073709551615", "toUInt64('18446744073709551615')"],
    ["UInt128", "+5", "toUInt128('5')"],
    ["Int", "12", "12"],
    ["Integer", "12", "12"],
  ])("%s takes %s", (type, value, sql) => {
    expect(sqlOf(`{{${type}(n)}}`, { n: value })).toBe(sql);
  });

  it.each([
    ["Int8", "128"],
    ["Int8", "-129"],
    ["UInt8", "-1"],
    ["UInt8", "+1"],
    ["UInt64", "18446744073709551616"],
    ["Int32", ""],
    ["Int32", " 5"],
    ["Int32", "5 "],
    ["Int32", "5.0"],
    ["Int32", "1e3"],
    ["Int32", "1_000"],
    ["Int32", "0x1F"],
    ["Int32", "five"],
    ["Int32", "1; DROP TABLE posts"],
  ])("%s refuses %j", (type, value) => {
    expect(reasonOf(`{{${type}(n)}}`, { n: value })).toBe(`Error validating '${value}' to type ${type}`);
  });

  it("is named Int32 in the refusal of Int", () => {
    expect(reasonOf("{{Int(n)}}", { n: "x" })).toBe("Error validating 'x' to type Int32");
  });
});

describe("a fraction", () => {
  it.each([
    ["0.5", "0.5"],
    [".5", "0.5"],
    ["5.", "5.0"],
    ["1e5", "100000.0"],
    ["1e16", "1e+16"],
    ["0.00001", "1e-05"],
    [" 1.5 ", "1.5"],
    ["nan", "nan"],
    ["-Infinity", "-inf"],
    ["1e400", "inf"],
  ])("takes %j", (value, printed) => {
    expect(sqlOf("{{Float64(n)}}", { n: value })).toBe(`toFloat64('${printed}')`);
  });

  it.each(["", "1_0", "0x1p3", "1,5", "one"])("refuses %j", (value) => {
    expect(reasonOf("{{Float32(n)}}", { n: value })).toBe(`Error validating '${value}' to type Float32`);
  });
});

describe("a moment", () => {
  it.each([
    ["Date", "2026-02-30"],
    ["DateTime", "2026-01-02 03:04:05"],
    ["DateTime", "2026-01-02T03:04:05Z"],
    ["DateTime64", "2026-01-02 03:04:05.678"],
  ])("%s takes %s as it is: its shape is checked, its calendar is not", (type, value) => {
    expect(sqlOf(`{{${type}(t)}}`, { t: value })).toBe(`'${value}'`);
  });

  it.each([
    ["Date", "2026-1-2"],
    ["Date", "today"],
    ["Date", "2026-01-02 03:04:05"],
    ["DateTime", "2026-01-02"],
    ["DateTime", "now()"],
    ["DateTime64", "2026-01-02 03:04:05"],
  ])("%s refuses %s", (type, value) => {
    expect(reasonOf(`{{${type}(t)}}`, { t: value })).toBe(`Error validating '${value}' to type ${type}`);
  });
});

describe("a text", () => {
  it.each([
    ["it's", "'it\\'s'"],
    ['say "x"', "'say \\\"x\\\"'"],
    ["a\\b", "'a\\\\b'"],
    ["50%", "'50\\%'"],
    ["`x`", "'\\`x\\`'"],
    ["a\nb\tc\r\0\b", "'a\\nb\\tc\\r\\0\\b'"],
    ["Ünï 語 😀", "'Ünï 語 😀'"],
    ["", "''"],
  ])("%j is one literal", (value, sql) => {
    expect(sqlOf("{{String(x)}}", { x: value })).toBe(sql);
  });
});

describe("a truth value", () => {
  it.each([
    ["1", "1"],
    ["true", "1"],
    ["no", "1"],
    ["0", "0"],
    ["FALSE", "0"],
    ["", "0"],
  ])("reads %j as %s", (value, sql) => {
    expect(sqlOf("{{Boolean(b)}}", { b: value })).toBe(sql);
  });

  it("is 0 without a value and without a default", () => {
    expect(sqlOf("{{Boolean(b)}} {{Boolean(c, True)}}")).toBe("0 1");
  });
});

describe("a default", () => {
  it.each([
    ["{{Int32(n, 5)}}", "toInt32('5')"],
    ["{{Int32(n, default='5')}}", "toInt32('5')"],
    ["{{String(s, 'web')}}", "'web'"],
    ["{{String(s, '')}}", "''"],
    ["{{String(s, 5)}}", "'5'"],
    ["{{Date(d, '2026-01-02')}}", "'2026-01-02'"],
  ])("stands in: %s", (template, sql) => {
    expect(sqlOf(template)).toBe(sql);
  });

  it.each([
    ["{{Int32(n, 'ten')}}", "Error validating 'ten' to type Int32"],
    ["{{Int32(n, 1.0)}}", "Error validating '1.0' to type Int32"],
    ["{{Date(d, 'today')}}", "Error validating 'today' to type Date"],
  ])("is checked like a value: %s", (template, reason) => {
    expect(reasonOf(template)).toBe(reason);
  });

  it("does not stand in for an empty value", () => {
    expect(sqlOf("{{String(s, 'web')}}", { s: "" })).toBe("''");
    expect(reasonOf("{{Int32(n, 5)}}", { n: "" })).toBe("Error validating '' to type Int32");
  });

  it("that is missing is told with all the parameters that have none", () => {
    expect(reasonOf("{{Int32(a)}} {{String(b, 'x')}} {{Date(c)}}", { a: "1" })).toBe(
      "Required parameter is not defined. Check the parameters a and c. Please provide a value or set a default value in the pipe code.",
    );
  });
});
