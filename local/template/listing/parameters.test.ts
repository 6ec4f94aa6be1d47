import { describe, expect, it } from "vitest";
import { parseTemplate, templateBuildFault, templateParameters, templateTables } from "../index.ts";

const listed = (template: string) => templateParameters(parseTemplate(`%${template}`));

describe("the parameters of a template", () => {
  it.each([
    [
      "{{Int32(n, 5, description='How many', required=True)}}",
      [{ name: "n", type: "Int32", default: 5, description: "How many", required: true }],
    ],
    ["{{Array(ids, 'Int32', '1,2')}}", [{ name: "ids", type: "Array(Int32)", default: "1,2" }]],
    ["{{Array(tags)}}", [{ name: "tags", type: "Array(String)", default: null }]],
    [
      "{{String(s, enum=['a', 'b'], example='a', format='x')}}",
      [{ name: "s", type: "String", default: null, enum: ["a", "b"], example: "a", format: "x" }],
    ],
    ["{{s}}", [{ name: "s", type: "String", default: null }]],
    ["{{column(c, 'id')}}", [{ name: "c", type: "String", default: null, used_in: "function_call" }]],
    ["{{Int64(n, 9007199254740993)}}", [{ name: "n", type: "Int64", default: "9007199254740993" }]],
    ["{{Int32(n, -1)}}", [{ name: "n", type: "Int32", default: -1 }]],
    ["SELECT 1", []],
  ])("%s", (template, parameters) => {
    expect(listed(template)).toEqual(parameters);
  });

  it("come once for each mention, the body of a block before its header", () => {
    expect(listed("{% if defined(a) %}{{Int32(b)}}{% end %}{{Int32(b, 1)}}")).toEqual([
      { name: "b", type: "Int32", default: null },
      { name: "a", type: "String", default: null, used_in: "function_call" },
      { name: "b", type: "Int32", default: 1 },
    ]);
  });

  it("have names: a number is none", () => {
    expect(templateBuildFault(parseTemplate("%{{Int32(5)}}"))).toBe('"5" can not be used as a variable name');
  });
});

describe("the tables that a template names itself", () => {
  it.each([
    ["{{table('posts')}}", ["posts"]],
    ["{{table('posts_' + 'eu')}}", ["posts_eu"]],
    ["{{table('a' if defined(x) else 'b')}}", ["a", "b"]],
    ["{{table(x)}}", []],
  ])("%s", (template, tables) => {
    expect(templateTables(parseTemplate(`%${template}`))).toEqual(tables);
  });
});
