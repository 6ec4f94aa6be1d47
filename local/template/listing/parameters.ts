import { breadthFirst, type Call, type Expression } from "../expression/nodes.ts";
import { CASTS } from "../functions/casts.ts";
import { DIFFERENCES } from "../functions/dates.ts";
import { Budget } from "../limits.ts";
import type { Site } from "../tags/nodes.ts";
import { safeNumber } from "../values/json.ts";
import { reprOf } from "../values/text.ts";
import { list, type Value } from "../values/value.ts";

/** A literal as plain data. Whole numbers beyond 2^53 − 1 are text. */
export type Plain = string | number | boolean | null | readonly Plain[];

/** One mention of a parameter. Every named argument of its call is a further field, as written: `description`, `enum`, … */
export interface TemplateParameter {
  /** Text for a usable parameter; a template can also name a number, which a build refuses. */
  readonly name: Plain;
  /** `String`, `Int32`, `Array(Int32)`, `JSON`, … */
  readonly type: string;
  readonly default: Plain;
  readonly description?: Plain;
  readonly required?: Plain;
  readonly enum?: Plain;
  readonly example?: Plain;
  readonly format?: Plain;
  /** Found as the argument of a function that has no type, such as `defined` or `column`. */
  readonly used_in?: "function_call";
  readonly [keyword: string]: Plain | undefined;
}

const TYPED: ReadonlySet<string> = new Set([...CASTS.keys(), "Boolean", "JSON", "Array"]);

/** Functions whose first argument is a parameter of no particular type. */
const UNTYPED: ReadonlySet<string> = new Set([
  ...["defined", "column", "columns", "day_diff", "split_to_array", "enumerate_with_last"],
  ...DIFFERENCES.keys(),
]);

/** The mentions of parameters, in the order the engine lists them; a list used as a name is `fault`'s message. */
export function findParameters(sites: readonly Site[]): {
  readonly parameters: readonly TemplateParameter[];
  readonly fault: string | undefined;
} {
  const parameters: TemplateParameter[] = [];
  const printed = new Set<Plain>();
  let fault: string | undefined;
  for (const { kind, roots } of sites) {
    const mentions = mentionsIn(roots);
    const badName = mentions.find(({ name }) => typeof name === "object" && name !== null)?.name;
    if (badName !== undefined) fault ??= unusable(badName);
    for (const mention of mentions) {
      if (kind === "print") printed.add(mention.name);
      else if (printed.has(mention.name) || !isUsableName(mention.name)) continue;
      parameters.push(mention);
    }
  }
  return { parameters, fault };
}

/** The message for the first name that is not a text, or undefined when all are usable. */
export function unusableName(parameters: readonly TemplateParameter[]): string | undefined {
  const bad = parameters.find(({ name }) => !isUsableName(name));
  return bad && unusable(bad.name);
}

function isUsableName(name: Plain): boolean {
  return typeof name === "string" && name !== "";
}

function unusable(name: Plain): string {
  const text = typeof name === "string" ? name : reprOf(toValue(name), new Budget());
  return `"${text}" can not be used as a variable name`;
}

function toValue(plain: Plain): Value {
  if (plain === null || typeof plain !== "object") {
    return typeof plain === "number" && Number.isInteger(plain) ? BigInt(plain) : plain;
  }
  return list(plain.map(toValue));
}

/** How much a mention says: a bare name that there is a parameter, `defined(x)` how it is used, `Int32(x)` what it is. */
type Weight = 1 | 2 | 3;

interface Mention {
  readonly entry: TemplateParameter;
  readonly weight: Weight;
}

/** The mentions in one tag: of several of one name, the one that says most about it. */
function mentionsIn(roots: readonly Expression[]): readonly TemplateParameter[] {
  const nodes = breadthFirst(roots);
  const consumed = new Set(nodes.flatMap((node) => (node.kind === "call" ? consumedBy(node) : [])));
  const mentions = new Map<string, Mention>();
  for (const node of nodes) {
    const mention = node.kind === "call" ? callMention(node) : nameMention(node, consumed);
    if (mention === undefined) continue;
    const key = JSON.stringify(mention.entry.name);
    if (mention.weight > (mentions.get(key)?.weight ?? 0)) mentions.set(key, mention);
  }
  return Array.from(mentions.values(), ({ entry }) => entry);
}

/** Names that belong to a call itself: its callee and its positional arguments. */
function consumedBy({ callee, positional }: Call): readonly Expression[] {
  return [callee, ...positional];
}

function nameMention(node: Expression, consumed: ReadonlySet<Expression>): Mention | undefined {
  if (node.kind !== "name" || consumed.has(node)) return undefined;
  return { entry: { name: node.name, type: "String", default: null }, weight: 1 };
}

function callMention(call: Call): Mention | undefined {
  const { callee, positional } = call;
  if (callee.kind !== "name") return undefined;
  const [first, second] = positional;
  const name = first && nameOf(first);
  if (name === undefined) return undefined;
  if (UNTYPED.has(callee.name)) {
    return { entry: { name, type: "String", default: null, used_in: "function_call" }, weight: 2 };
  }
  if (!TYPED.has(callee.name)) return undefined;
  const isArray = callee.name === "Array";
  const type = isArray ? `Array(${elementName(second)})` : callee.name;
  const fallback = positionalDefault(positional[isArray ? 2 : 1], isArray);
  const keywords = call.keywords.map(({ name: keyword, value }) => [keyword, literal(value)] as const);
  if (fallback === undefined || keywords.some(([, value]) => value === undefined)) return undefined;
  return { entry: { default: fallback, ...Object.fromEntries(keywords), name, type }, weight: 3 };
}

function positionalDefault(node: Expression | undefined, isArray: boolean): Plain | undefined {
  const value = node === undefined ? null : literal(node);
  const falsy = !value || (Array.isArray(value) && value.length === 0);
  return isArray && falsy && value !== undefined ? null : value;
}

function elementName(node: Expression | undefined): string {
  const value = node === undefined ? "String" : literal(node);
  return typeof value === "string" ? value : "String";
}

/** What a first argument names: a name, a literal, or a list of literals, which is then refused. */
function nameOf(node: Expression): Plain | undefined {
  if (node.kind === "name" || node.kind === "literal" || node.kind === "list") return literal(node);
  return node.kind === "unary" && node.operand.kind === "literal" ? literal(node) : undefined;
}

/** A literal as plain data; a name as its own text; null for what is computed; undefined for a list with computed items. */
function literal(node: Expression): Plain | undefined {
  switch (node.kind) {
    case "literal":
      return typeof node.value === "bigint" ? safeNumber(node.value) : node.value;
    case "name":
      return node.name;
    case "unary":
      return negative(node.operator, node.operand);
    case "list": {
      const items = node.items.map((item) => (item.kind === "name" ? undefined : literal(item)));
      return items.every((item) => item !== undefined) ? items : undefined;
    }
    default:
      return null;
  }
}

function negative(operator: string, operand: Expression): Plain {
  if (operator !== "-" || operand.kind !== "literal") return null;
  if (typeof operand.value === "bigint") return safeNumber(-operand.value);
  return typeof operand.value === "number" ? -operand.value : null;
}

/** Tables named by `table()` in expressions, as literals, joined literals, or either side of a conditional. */
export function findTables(sites: readonly Site[]): readonly string[] {
  const calls = sites
    .filter(({ kind }) => kind === "print")
    .flatMap(({ roots }) => breadthFirst(roots))
    .filter((node) => node.kind === "call");
  const names = calls.flatMap(({ callee, positional: [first] }) => {
    const isTable = callee.kind === "name" && (callee.name === "table" || callee.name === "TABLE");
    return isTable && first !== undefined ? constantTexts(first) : [];
  });
  return [...new Set(names)];
}

/** Table names that one expression is followed into; either-or parts multiply. */
const MAX_TABLES = 100;

function constantTexts(node: Expression): readonly string[] {
  if (node.kind === "literal") return typeof node.value === "string" ? [node.value] : [];
  if (node.kind === "conditional") return [...constantTexts(node.then), ...constantTexts(node.otherwise)];
  if (node.kind !== "binary" || node.operator !== "+") return [];
  const rights = constantTexts(node.right);
  const joined = constantTexts(node.left).flatMap((left) => rights.map((right) => left + right));
  return joined.slice(0, MAX_TABLES);
}
