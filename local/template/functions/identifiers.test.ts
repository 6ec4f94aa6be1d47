import { describe, expect, it } from "vitest";
import { reasonOf, sqlOf } from "../template.test-setup.ts";

describe("a name from the request", () => {
  it.each([
    ["{{column(x)}}", "id", "`id`"],
    ["{{column(x)}}", "a.b", "`a`.`b`"],
    ["{{column(x)}}", "a`b", "`a\\`b`"],
    ["{{column(x)}}", 'a"b', "`ab`"],
    ["{{column(x)}}", "id` OR 1=1 --", "`id\\` OR 1=1 --`"],
    ["{{columns(x)}}", "id, likes", "`id`,`likes`"],
    ["{{columns(x)}}", "*", "`*`"],
    ["{{columns(x, 'id', 'sum')}}", "id,likes", "sum(`id`) as id,sum(`likes`) as likes"],
    ["{{symbol(x)}}", "a.b", "`a.b`"],
    ["{{symbol(x, '')}}", "DESC", "DESC"],
    ["{{symbol(x, '\"')}}", "a", '"a"'],
    ["{{table(x)}}", "posts", "posts"],
    ["{{TABLE(x)}}", "posts", "posts"],
  ])("%s of %j", (template, value, sql) => {
    expect(sqlOf(template, { x: value })).toBe(sql);
  });

  it("has a default for columns", () => {
    expect(sqlOf("{{column(x, 'id')}} {{columns(x, 'id,likes')}}")).toBe("`id` `id`,`likes`");
  });

  it.each([
    ["{{column(x)}}", /^Missing column\(\) default value/],
    ["{{columns(x)}}", /^Missing columns\(\) default value/],
    ["{{symbol(x)}}", /./],
    ["{{table(x)}}", /./],
  ])("that is missing is refused: %s", (template, reason) => {
    expect(reasonOf(template)).toMatch(reason);
  });

  it("quotes an alias that is no plain word", () => {
    expect(sqlOf("{{columns(x, 'id', 'sum')}}", { x: "a) FROM posts --" })).toBe(
      "sum(`a) FROM posts --`) as `a) FROM posts --`",
    );
  });
});
