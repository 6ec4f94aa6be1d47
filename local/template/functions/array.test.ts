import { describe, expect, it } from "vitest";
import { reasonOf, sqlOf } from "../template.test-setup.ts";

describe("Array", () => {
  it.each([
    ["{{Array(x)}}", "a,b", "['a','b']"],
    ["{{Array(x, 'String')}}", "web, app", "['web',' app']"],
    ["{{Array(x, 'String')}}", "", "['']"],
    ["{{Array(x, 'Int32')}}", "1,-2", "[1,-2]"],
    ["{{Array(x, 'Float64')}}", "1,2.5", "[1.0,2.5]"],
    ["{{Array(x, 'Date')}}", "2026-01-02", "['2026-01-02']"],
    ["{{Array(x, 'Boolean')}}", "true,0", "[1,0]"],
    ["{{Array(x, 'String')}}", "it's", "['it\\'s']"],
    ["{{Array(x, 'Unheard')}}", "a", "['a']"],
  ])("%s of %j", (template, value, sql) => {
    expect(sqlOf(template, { x: value })).toBe(sql);
  });

  it.each([
    ["{{Array(x, 'Int32', '1,2')}}", "[1,2]"],
    ["{{Array(x, 'Int32', default='3')}}", "[3]"],
    ["{{Array(x, default='a,b')}}", "['a','b']"],
  ])("has a default: %s", (template, sql) => {
    expect(sqlOf(template)).toBe(sql);
  });

  it("names the element that does not fit, with the whole value", () => {
    expect(reasonOf("{{Array(x, 'Int32')}}", { x: "1,two,3" })).toBe(
      "Error validating [1,two,3][1] (two) to type Int32",
    );
    expect(reasonOf("{{Array(x, 'Int32')}}", { x: "1," })).toContain("[1] (empty string) to type Int32");
  });

  it("makes its parameter a list wherever it is read, when it is the first to mention it", () => {
    const loop = "{% for v in x %}<{{v}}>{% end %}";
    expect(sqlOf(`{{Array(x)}} ${loop}`, { x: "a,b" })).toBe("['a','b'] <'a'><'b'>");
    expect(sqlOf(`${loop} {{Array(x)}}`, { x: "a,b" })).toBe("<'a'><','><'b'> ['a','b']");
  });

  it("keeps a hostile element one element", () => {
    expect(sqlOf("{{Array(x)}}", { x: "a'] OR ['b" })).toBe("['a\\'] OR [\\'b']");
  });
});

describe("split_to_array", () => {
  it.each([
    ["{{split_to_array(x)}}", { x: " a , b " }, "['a', 'b']"],
    ["{{split_to_array(x, 'c,d')}}", {}, "['c', 'd']"],
    ["{{split_to_array(x, separator='|')}}", { x: "a|b" }, "['a', 'b']"],
    ["{% for v in split_to_array(x, 'a,b') %}{{v}};{% end %}", {}, "'a';'b';"],
    [
      "{% for last, v in enumerate_with_last(split_to_array(x)) %}{{symbol(v)}}{% if not last %}, {% end %}{% end %}",
      { x: "a,b" },
      "`a`, `b`",
    ],
  ])("%s", (template, params, sql) => {
    expect(sqlOf(template, params)).toBe(sql);
  });
});
