import type { Run } from "../evaluation/run.ts";
import { invalid, Raised } from "../faults.ts";
import type { Budget } from "../limits.ts";
import { arrayLiteral, identifier } from "../sql-text.ts";
import { itemsOf } from "../values/items.ts";
import { strOf } from "../values/text.ts";
import { isPlaceholder, type List, list, sql, symbol, textOf, type Value } from "../values/value.ts";
import type { Arguments } from "./arguments.ts";
import { absent, BARE_INTEGER, BOOLEAN, CASTS, type Cast, firstArgument, valueOrDefault } from "./casts.ts";

/** Elements of an absent array in a check: one empty text, two of every other type. */
const CHECKED_ELEMENTS = 2;

const SYMBOL: Cast = {
  type: "Symbol",
  read: (text) => symbol(identifier(text)),
  placeholder: symbol(identifier("placeholder")),
};

/** Element types; an unknown one works as String. */
const ELEMENTS: ReadonlyMap<string, Cast> = new Map([
  ...CASTS,
  ["Int", BARE_INTEGER],
  ["Integer", BARE_INTEGER],
  ["Boolean", BOOLEAN],
  ["Symbol", SYMBOL],
]);

function elementType(name: string): Cast {
  // The engine's table has no `Bool`, though it guesses every other unknown name to be text.
  if (name === "Bool") {
    throw new Raised(
      "KeyError",
      "Missing key 'Bool' while rendering the template. Ensure every object accessed in the template has this key.",
    );
  }
  return ELEMENTS.get(name) ?? ELEMENTS.get("String") ?? SYMBOL;
}

/** `Array(value, type='String', default=None, defined=True, …)`: SQL text such as `['web','ios']`. */
export function array(args: Arguments, run: Run): Value {
  const [given, typeValue = "String", fallback = null, defined = true] = args.bind(
    "value",
    "type",
    "default",
    "defined",
    "required",
    "description",
    "enum",
    "example",
    "format",
  );
  const type = elementType(typeNameOf(typeValue));
  const value = valueOrDefault(firstArgument(given), fallback);
  if (value === null) return absent(defined, run);
  if (isPlaceholder(value)) return sql(arrayLiteral(checkedElements(type), run.budget));
  return sql(arrayLiteral(readElements(value, type, run.budget), run.budget));
}

function typeNameOf(value: Value): string {
  if (typeof value === "object" && value?.kind === "function") return value.name;
  const text = textOf(value);
  if (text === undefined) throw invalid("the element type of Array is a text such as 'Int32'");
  return text;
}

function checkedElements(type: Cast): readonly Value[] {
  if (type.type === "String") return [""];
  return Array.from({ length: CHECKED_ELEMENTS }, () => bare(type.placeholder));
}

function readElements(value: Value, type: Cast, budget: Budget): readonly Value[] {
  return elementTexts(value, budget).map((text, at) => {
    const element = type.read(text);
    if (element === undefined) {
      const whole = strOf(value, budget);
      throw invalid(`Error validating [${whole}][${at}] (${text || "empty string"}) to type ${type.type}`);
    }
    return bare(element);
  });
}

/** Text is split on commas and not trimmed; a list is taken as it is. */
function elementTexts(value: Value, budget: Budget): readonly string[] {
  const text = textOf(value);
  if (text !== undefined) {
    budget.spendCharacters(text.length);
    return text.split(",");
  }
  if (typeof value !== "object" || value?.kind !== "list") {
    throw invalid("transform type function Array is not well defined");
  }
  return itemsOf(value, budget).map((item) => strOf(item, budget));
}

/** Inside an array a number needs no cast: ClickHouse finds the common type. */
function bare(element: Value): Value {
  return typeof element === "object" && element?.kind === "cast" ? element.value : element;
}

/** Characters whose SQL escape is none of Python's, so that the engine's detour through Python keeps the backslash. */
const KEPT_ESCAPES = /[%`\x1a]/g;

/**
 * The list that a request value becomes when its parameter is first declared as an array of `type`, or undefined when
 * it does not parse. The engine prints the array and reads the print back, which leaves a backslash before some characters.
 */
export function parsedArray(value: Value, type: string, budget: Budget): List | undefined {
  const element = ELEMENTS.get(type) ?? ELEMENTS.get("String");
  if (element === undefined || element === SYMBOL) return undefined;
  try {
    return list(readElements(value, element, budget).map(keepEscapes));
  } catch (error) {
    if (error instanceof Raised) return undefined;
    throw error;
  }
}

function keepEscapes(element: Value): Value {
  if (typeof element !== "string") return element;
  return element.replace(KEPT_ESCAPES, (character) => (character === "\x1a" ? "\\z" : `\\${character}`));
}
