import { describe, expect, it } from "vitest";
import { isTemplate, parseTemplate, renderTemplate } from "./index.ts";
import { reasonOf, refusalOf, sqlOf } from "./template.test-setup.ts";

describe("the SQL of a node", () => {
  it.each([
    ["% SELECT 1", true],
    ["\n  %\nSELECT 1", true],
    ["SELECT 5 % 2", false],
    ["-- why\n%\nSELECT 1", false],
  ])("%j is a template: %s", (sql, expected) => {
    expect(isTemplate(sql)).toBe(expected);
  });

  it.each([
    ["  SELECT {{n}} \n", "SELECT {{n}}"],
    ["%\nSELECT 5 % 2 -- {n: UInt8}\r\n", "\nSELECT 5 % 2 -- {n: UInt8}"],
    ["%%\nSELECT 1", "%\nSELECT 1"],
    ["%", ""],
  ])("%j renders to %j", (sql, rendered) => {
    expect(renderTemplate(parseTemplate(sql), { params: {} }).sql).toBe(rendered);
  });
});

describe("tags", () => {
  it.each([
    ["{# a comment {{n}} #}x", "x"],
    ["{{!n}} {%!if%} {#!x#}", "{{n}} {%if%} {#x#}"],
    ["{{{Int32(n)}}}", "{toInt32('5')}"],
    ["-- {{Int32(n)}}", "-- toInt32('5')"],
    ["{", "{"],
  ])("%s", (template, sql) => {
    expect(sqlOf(template, { n: "5" })).toBe(sql);
  });

  it.each([
    ["{{n", "Missing end expression }} at <string>:1"],
    ["\n{% if n", "Missing end block %} at <string>:2"],
    ["{# n", "Missing end comment #} at <string>:1"],
    ["{{ }}", "Empty expression at <string>:1"],
    ["{% %}", "Empty block tag ({% %}) at <string>:1"],
    ["{% end %}", "Extra {% end %} block at <string>:1"],
    ["{% nonsense %}", "unknown operator: 'nonsense' at <string>:1"],
    ["{% else %}", "else outside {'for', 'if', 'try', 'while'} block at <string>:1"],
    ["{% if n %}", "Missing {% end %} block for if at line 1"],
    ["{% import os %}", "import is forbidden at <string>:1"],
    ["{% extends 'x' %}", "extends is forbidden at <string>:1"],
    ["{% raw n %}", "raw is forbidden at <string>:1"],
  ])("that do not fit are refused: %j", (template, reason) => {
    const got = refusalOf(template).message;
    if (reason.startsWith("else")) expect(got).toMatch(/^else outside \{.*\} block at <string>:1$/);
    else expect(got).toBe(reason);
  });
});

describe("blocks", () => {
  it.each([
    ["{% if n == '5' %}five{% elif n == '6' %}six{% else %}other{% end %}", "five"],
    ["{% if Int32(n) > 4 and not defined(m) %}yes{% end if %}", "yes"],
    ["{% for i in range(3) %}{{i}},{% end %}", "0,1,2,"],
    ["{% for i, v in enumerate(['a', 'b']) %}{{i}}{{v}} {% end %}", "0'a' 1'b' "],
    ["{% for i in range(9) %}{% if i == 2 %}{% break %}{% end %}{{i}}{% end %}", "01"],
    ["{% for i in range(3) %}{% if i == 1 %}{% continue %}{% end %}{{i}}{% end %}", "02"],
    ["{% for i in [] %}{{i}}{% else %}none{% end %}", "none"],
    ["{% set i = 0 %}{% while i < 3 %}{{i}}{% set i += 1 %}{% end %}", "012"],
    ["{% try %}a{{Int32(x)}}{% except %}b{% end %}", "ab"],
    ["{% try %}{{error('no')}}{% except Exception as e %}caught{% finally %}!{% end %}", "caught!"],
    ["{% set a, b = 1, 2 %}{{a}}{{b}}", "12"],
    ["{% set xs = [] %}{% set xs.append('a') %}{{xs}}", "['a']"],
    ["{% comment anything at all %}x", "x"],
    ["{% whitespace oneline %}a\n  b", "a b"],
  ])("%s", (template, sql) => {
    expect(sqlOf(template, { n: "5" })).toBe(sql);
  });

  it("do not let a template read a name before it is set, even from the request", () => {
    expect(() => sqlOf("{% set platform = String(platform, 'web') %}", { platform: "app" })).toThrow();
  });
});

describe("expressions", () => {
  it.each([
    ["{{n}}", "'5'"],
    ["{{Int32(n) + 1}}", "6"],
    ["{{-Int32(n)}}", "-5"],
    ["{{Int32(n) * 2 - 1}}", "9"],
    ["{{'a' + String(n)}}", "'a5'"],
    ["{{'x' if defined(n) else 'y'}}", "'x'"],
    ["{{[1, 'a', None, True]}}", "[1, 'a', None, True]"],
    ["{{max(1, 2)}} {{len('abc')}}", "2 3"],
    ["{{n.split(',')[0]}}", "'5'"],
    ["{{f'{n}-x'}}", "'5-x'"],
    ["{% if 1 < Int32(n) <= 5 %}in{% end %}", "in"],
    ["{% if '5' in n and n not in ['6'] %}in{% end %}", "in"],
    ["{% set x = n or 'none' %}{{x}}", "'5'"],
    ["{% set x = 7 // 2, 7 % 2, 7 / 2, 2 ** 3 %}{{x}}", "(3, 1, 3.5, 8)"],
    ["{% set x = [v.upper() for v in 'a,b'.split(',') if v != 'b'] %}{{x}}", "['A']"],
    ["{% set x = round(2.5), round(3.5) %}{{x}}", "(2, 4)"],
    ["{% set x = 'abc'[::-1] %}{{x}}", "'cba'"],
    ["{% set x = sorted([3, 1, 2], reverse=True) %}{{x}}", "[3, 2, 1]"],
    ["{% set x = {'a': 1}.get('b', 2) %}{{x}}", "2"],
  ])("%s", (template, sql) => {
    expect(sqlOf(template, { n: "5" })).toBe(sql);
  });

  it.each([
    ["{{now()}}", "Invalid function name: now"],
    ["{{eval('1')}}", "Invalid function name: eval"],
    ["{{n.lower()}}", "Invalid method name: lower"],
    ["{{n / 2}}", "Invalid BinOp: Div()"],
    ["{{n.__class__}}", "Invalid expression type: Attribute("],
    ["{{n == 1}}", "Invalid expression type: Compare("],
    ["{{a or b}}", "Invalid expression type: BoolOp("],
    ["{{[x for x in n]}}", "Invalid expression type: ListComp("],
    ["{{lambda: 1}}", "Invalid expression type: Lambda("],
    ["{{n[i]}}", "Invalid Slice expression: Name("],
    ["{{b'x'}}", "Invalid Constant: "],
    ["{% set x = eval('1') %}", "Invalid function name: eval"],
    [
      "{% set x = open('/etc/passwd') %}",
      "wrong syntax, you might be using a not valid function inside a control block",
    ],
    ["{% set x = n.__class__ %}", "Invalid attribute: __class__"],
    ["{% set x = '{}'.format(n) %}", "Invalid attribute: format"],
    ["{% set x = getattr(n, 'y') %}", "Invalid function name: getattr"],
    ["{{n", "Missing end expression }}"],
    ["{{1 +}}", ""],
    ["{{m}}", 'expression "m" evaluated to null'],
    ["{% set x = 'a' + 1 %}", ""],
    ["{% set x = 1 / 0 %}", ""],
  ])("beyond the language are refused by name, even where they are not reached: %s", (template, reason) => {
    expect(reasonOf(`{% if True %}${template}{% end %}`, { n: "5" })).toContain(reason);
  });
});

describe("a build's look at a template", () => {
  const check = { check: true };

  it.each([
    ["{{Int32(n)}} {{Float64(n)}} {{UInt8(n, 7)}}", "toInt32('0') toFloat64('0.0') toUInt8('7')"],
    ["{{String(s)}} {{s}} {{String(s, 'web')}}", "'__no_value__' '__no_value__' 'web'"],
    ["{{Date(d)}} {{DateTime(d)}}", "'2019-01-01' '2019-01-01 00:00:00'"],
    ["{{Array(a)}} {{Array(a, 'Int32')}}", "[''] [0,0]"],
    ["{{symbol(x)}} {{table(x)}} {{column(x, 'id')}}", "`placeholder` placeholder `id`"],
    ["{% if defined(x) %}a{% else %}b{% end %}", "b"],
    ["{{error('no')}}SELECT 1", "-- {x} \nSELECT 1"],
  ])("needs no request: %s", (template, sql) => {
    expect(sqlOf(template, {}, check)).toBe(sql);
  });

  it.each(["{{column(x)}}", "{{JSON(x)}}", "{% set y = len(x) %}"])("still refuses %s", (template) => {
    expect(() => sqlOf(template, {}, check)).toThrow();
  });
});
