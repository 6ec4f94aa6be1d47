import type { Run } from "../evaluation/run.ts";
import { invalid } from "../faults.ts";
import { alias, columnPath, escapeName, identifier } from "../sql-text.ts";
import { trim } from "../values/numbers.ts";
import { strOf } from "../values/text.ts";
import { isPlaceholder, sql, symbol, textOf, type Value } from "../values/value.ts";
import type { Arguments } from "./arguments.ts";
import { firstArgument } from "./casts.ts";

/** What an absent name is called while a build checks a template. */
export const PLACEHOLDER_NAME = "placeholder";

/** `column(name, default)`: each part of a dotted path in backticks. */
export function column(args: Arguments, run: Run): Value {
  const [given, fallback = null] = args.bind("name", "default");
  const name = nameOrDefault(firstArgument(given), fallback);
  if (name === null) {
    throw invalid("Missing column() default value, use `column(column_name, 'default_column_name')`");
  }
  return symbol(columnPath(strOf(name, run.budget)));
}

/** `columns(names, default, fn=None)`: a comma-separated list of columns, each wrapped in `fn` if there is one. */
export function columns(args: Arguments, run: Run): Value {
  const [given, fallback = null, wrapper = null] = args.bind("names", "default", "fn");
  const value = nameOrDefault(firstArgument(given), fallback);
  if (value === null) {
    throw invalid("Missing columns() default value, use `columns(column_names, 'default_column_name')`");
  }
  const names = textOf(value);
  if (names === undefined) throw invalid("The 'columns' function expects a String not an Array");
  run.budget.spendCharacters(names.length);
  const call = wrapper === null ? undefined : strOf(wrapper, run.budget);
  return sql(
    names
      .split(",")
      .map(trim)
      .map((name) =>
        call === undefined ? columnPath(name) : `${call}(${columnPath(name)}) as ${alias(name)}`,
      )
      .join(","),
  );
}

/** `symbol(name, quote='`')`: one identifier, its dots kept. An empty quote prints it bare. */
export function symbolOf(args: Arguments, run: Run): Value {
  const [given, quote = "`"] = args.bind("name", "quote");
  return symbol(identifier(nameText(args, given, run), strOf(quote, run.budget)));
}

/** `Column(name)` as blocks know it: a path like `column()`, without a default. */
export function columnOf(args: Arguments, run: Run): Value {
  const [given] = args.bind("name");
  return symbol(columnPath(nameText(args, given, run)));
}

/** `table(name)`: escaped but not quoted, so that `database.table` works. The SQL's reader refuses anything worse. */
export function table(args: Arguments, run: Run): Value {
  const [given] = args.bind("name");
  return symbol(escapeName(nameText(args, given, run)));
}

function nameOrDefault(name: Value, fallback: Value): Value {
  return name === null || isPlaceholder(name) ? fallback : name;
}

function nameText(args: Arguments, given: Value | undefined, run: Run): string {
  const name = firstArgument(given);
  if (name === null) throw invalid(`${args.function}() needs a name, but its parameter has no value`);
  return isPlaceholder(name) ? PLACEHOLDER_NAME : strOf(name, run.budget);
}
