import { describe, expect, it } from "vitest";
import { reasonOf, sqlOf } from "../template.test-setup.ts";

describe("defined", () => {
  it.each([
    ["a value", { x: "1" }, "yes"],
    ["an empty value", { x: "" }, "yes"],
    ["no value", {}, "no"],
    ["null in a body", { x: null }, "no"],
  ])("of %s", (_, params, sql) => {
    expect(sqlOf("{% if defined(x) %}yes{% else %}no{% end %}", params)).toBe(sql);
  });
});

describe("sql_and", () => {
  it.each([
    ["{{sql_and(id=Int32(n), net=String(s))}}", { n: "1", s: "web" }, "id = toInt32('1') and net = 'web'"],
    ["{{sql_and(id__in=Array(x, 'Int32', defined=False))}}", { x: "1,2" }, "id in [1,2]"],
    ["{{sql_and(id__gte=Int32(n), id__lt=Int32(m, defined=False))}}", { n: "1" }, "id >= toInt32('1')"],
    ["{{sql_and(net__not_in=Array(x))}}", { x: "a" }, "net not in ['a']"],
    ["{{sql_and(id=Int32(n, defined=False))}}", {}, ""],
  ])("%s", (template, params, sql) => {
    expect(sqlOf(template, params)).toBe(sql);
  });

  it("refuses an operand that it does not know", () => {
    expect(reasonOf("{{sql_and(id__like=String(s))}}", { s: "a" })).toContain("operand like not supported");
  });
});

describe("sql_unescape", () => {
  it.each([
    ["{{sql_unescape('%' + String(s) + '%', '%')}}", "a%b'c", "'%a%b\\'c%'"],
    ["{{sql_unescape(s)}}", "50%", "'50\\%'"],
    ['{{sql_unescape(s, "\'")}}', "it's", "'it\\'s'"],
    ["{{sql_unescape(s, '%')}}", "\\%", "'\\\\%'"],
  ])("%s of %j", (template, value, sql) => {
    expect(sqlOf(template, { s: value })).toBe(sql);
  });
});

describe("JSON", () => {
  it("gives a value whose parts can be read", () => {
    const template = "{% set j = JSON(x) %}{{j['a']}} {% for v in j['b'] %}{{v}},{% end %}";
    expect(sqlOf(template, { x: '{"a": "it\'s", "b": [1, 2.5]}' })).toBe("'it\\'s' 1,2.5,");
  });

  it.each([
    ["{{JSON(x)}}", { x: "{'a': 1}" }, /^Error parsing JSON: /],
    ["{% set j = JSON(x) %}{{j['b']}}", { x: '{"a": 1}' }, /^Missing key 'b'/],
  ])("%s of what it is not", (template, params, reason) => {
    expect(reasonOf(template, params)).toMatch(reason);
  });
});

describe("date differences", () => {
  it.each([
    ["{{day_diff(Date(a), Date(b))}}", "2026-01-01", "2026-01-31", "30"],
    ["{{day_diff(a, b)}}", "2026-01-31", "2026-01-01", "30"],
    ["{{date_diff_in_hours(a, b)}}", "2026-01-01 00:00:00", "2026-01-01 05:59:59", "5"],
    ["{{date_diff_in_minutes(a, b)}}", "2026-01-01 00:00:00", "2026-01-01 01:00:59", "60"],
    ["{{date_diff_in_seconds(a, b)}}", "2026-01-01 00:00:00", "2026-01-01 00:01:01", "61"],
    ["{{date_diff_in_days(a, b, date_format='%d/%m/%Y')}}", "01/02/2026", "03/02/2026", "2"],
    ["{{date_diff_in_days(a, b)}}", "2024-02-28", "2024-03-01", "2"],
  ])("%s", (template, a, b, sql) => {
    expect(sqlOf(template, { a, b })).toBe(sql);
  });

  it("refuse what the calendar does not have, unless told to give None", () => {
    expect(reasonOf("{{date_diff_in_days(a, b)}}", { a: "2026-02-30", b: "2026-03-01" })).not.toBe("");
    const template = "{% if date_diff_in_days(a, b, none_if_error=True) is None %}none{% end %}";
    expect(sqlOf(template, { a: "2026-02-30", b: "2026-03-01" })).toBe("none");
  });
});
