import type { Run } from "../evaluation/run.ts";
import { invalid } from "../faults.ts";
import { printed, textLiteralExcept } from "../sql-text.ts";
import { itemsOf } from "../values/items.ts";
import { readJson } from "../values/json.ts";
import { trim } from "../values/numbers.ts";
import { strOf } from "../values/text.ts";
import { isPlaceholder, list, PLACEHOLDER_TEXT, sql, textOf, tuple, type Value } from "../values/value.ts";
import type { Arguments } from "./arguments.ts";
import { firstArgument, valueOrDefault } from "./casts.ts";

/** `defined(value)`: the request has it, even as an empty text. */
export function defined(args: Arguments): Value {
  const [value = null] = args.bind("value");
  return value !== null && !isPlaceholder(value);
}

/** `split_to_array(value, default='', separator=',')`: the parts, trimmed. */
export function splitToArray(args: Arguments, run: Run): Value {
  const [given, fallback = "", separatorValue = ","] = args.bind("value", "default", "separator");
  const value = firstArgument(given);
  const text = textOf(value === null || isPlaceholder(value) ? fallback : value);
  if (text === undefined) {
    throw invalid(
      "First argument of split_to_array has to be a value that can be split to a list of elements, but found a PlaceHolder with no value instead",
    );
  }
  const separator = strOf(separatorValue, run.budget);
  if (separator === "") throw invalid("empty separator");
  run.budget.spendCharacters(text.length);
  return list(text.split(separator).map(trim));
}

/** `enumerate_with_last(items)`: pairs of "this is the last" and the item. */
export function enumerateWithLast(args: Arguments, run: Run): Value {
  const [given] = args.bind("items");
  const items = itemsOf(firstArgument(given), run.budget);
  return list(items.map((item, at) => tuple(at === items.length - 1, item)));
}

const OPERATORS: ReadonlyMap<string, string> = new Map([
  ["in", "in"],
  ["not_in", "not in"],
  ["gt", ">"],
  ["lt", "<"],
  ["gte", ">="],
  ["lte", "<="],
]);

/** `sql_and(column=value, column__gt=value, …)`: the conditions whose value is there, joined with `and`. */
export function sqlAnd(args: Arguments, run: Run): Value {
  if (args.positional.length > 0)
    throw invalid("sql_and() takes only named arguments, such as column__gt=value");
  const conditions = [...args.keywords]
    .map(([name, value]) => ({ ...operandOf(name), value }))
    .filter(({ value }) => value !== null)
    .map(({ column, operator, value }) => `${column} ${operator} ${printed(value, run.budget)}`);
  return sql(conditions.join(" and "));
}

function operandOf(keyword: string): { column: string; operator: string } {
  const at = keyword.lastIndexOf("__");
  if (at < 0) return { column: keyword, operator: "=" };
  const name = keyword.slice(at + 2);
  const operator = OPERATORS.get(name);
  if (operator === undefined) throw invalid(`operand ${name} not supported`);
  return { column: keyword.slice(0, at), operator };
}

/** `sql_unescape(value, what='')`: a text literal in which `what`, such as `%`, is not escaped. */
export function sqlUnescape(args: Arguments, run: Run): Value {
  const [given, what = ""] = args.bind("value", "what");
  const value = firstArgument(given);
  if (value === null) throw invalid("sql_unescape() needs a value");
  return sql(textLiteralExcept(strOf(value, run.budget), strOf(what, run.budget)));
}

/** `JSON(value, default)`: the parsed value, for indexing and loops. */
export function json(args: Arguments, run: Run): Value {
  const [given, fallback = null] = args.bind("value", "default");
  const value = valueOrDefault(firstArgument(given), fallback);
  if (isPlaceholder(value)) return readJson(PLACEHOLDER_TEXT, run.budget);
  return value === null ? readJson("{}", run.budget) : parsed(value, run);
}

function parsed(value: Value, run: Run): Value {
  const text = textOf(value);
  return text === undefined ? value : readJson(text, run.budget);
}
