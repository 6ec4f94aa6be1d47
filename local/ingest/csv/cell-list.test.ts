import { expect, it } from "vitest";
import { listOf } from "./cell-list.ts";

it.each([
  ["", []],
  ["[]", []],
  ["['a','b']", ["a", "b"]],
  ['["a", "b"]', ["a", "b"]],
  ["[1, 2]", ["1", "2"]],
  ["[a b, null]", ["a b", null]],
  ["['it\\'s','x,y']", ["it's", "x,y"]],
  ["['it''s']", ["it's"]],
  ['["a\\u0041\\n"]', ["aA\n"]],
  ["['','b']", ["", "b"]],
])("%s is a list", (cell, items) => {
  expect(listOf(cell)).toEqual(items);
});

it.each(["a", "[", "['a'", "['a' 'b']", "['a',]", "[[1]]", "['a'b]"])("%s is none", (cell) => {
  expect(listOf(cell)).toBeNull();
});
