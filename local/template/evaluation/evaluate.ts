import type {
  Call,
  Comprehension,
  Expression,
  Generator,
  Index,
  Slice,
  Statement,
  Target,
} from "../expression/nodes.ts";
import { breadthFirst } from "../expression/nodes.ts";
import { invalid, notCallable, Raised, refusal, typeError } from "../faults.ts";
import { Arguments } from "../functions/arguments.ts";
import { binary, unary } from "../values/arithmetic.ts";
import { compares } from "../values/comparison.ts";
import { callMethod, missing } from "../values/methods.ts";
import { reprOf, strOf } from "../values/text.ts";
import {
  dict,
  isPlaceholder,
  isTrue,
  itemsOf,
  keyOf,
  list,
  numberOf,
  PLACEHOLDER,
  textOf,
  typeName,
  type Value,
  valueSet,
} from "../values/value.ts";
import type { Run } from "./run.ts";
import type { Scope } from "./scope.ts";

/** Where an expression is evaluated. */
export interface Place {
  readonly run: Run;
  readonly scope: Scope;
  /** The line of its tag. */
  readonly line: number;
}

/** The value of an expression. */
export function evaluate(node: Expression, place: Place): Value {
  const { run, scope } = place;
  const { budget } = run;
  const of = (part: Expression) => evaluate(part, place);
  budget.spend(1);
  switch (node.kind) {
    case "literal":
      return node.value;
    case "name":
      return scope.value(node.name);
    case "list":
      return list(node.items.map(of));
    case "tuple":
      return { kind: "tuple", items: node.items.map(of) };
    case "set":
      return valueSet(node.items.map(of), budget);
    case "dict":
      return dict(
        node.keys.map((key, at) => [of(key), of(node.values[at] ?? key)]),
        budget,
      );
    case "call":
      return call(node, place);
    case "attribute":
      throw missing(of(node.object), node.name);
    case "index":
      return indexed(node, place);
    case "unary":
      return unary(node.operator, of(node.operand));
    case "binary":
      return binary(of(node.left), node.operator, of(node.right), budget);
    case "comparison":
      return compareChain(node.operands, node.comparators, place);
    case "logical":
      return firstDeciding(node.operands, node.operator === "or", place);
    case "conditional":
      return of(isTrue(of(node.test)) ? node.then : node.otherwise);
    case "interpolated":
      return joined(node.parts, place);
    case "interpolation":
      return node.conversion === "repr" ? reprOf(of(node.value), budget) : strOf(of(node.value), budget);
    case "comprehension":
      return comprehend(node, place);
    default:
      throw refusal(`${node.kind} is not supported here: ${node.source}`);
  }
}

/** Carries out what a `set` block says. */
export function execute(statement: Statement, place: Place): void {
  switch (statement.kind) {
    case "expression":
      evaluate(statement.value, place);
      return;
    case "assign": {
      const value = evaluate(statement.value, place);
      for (const target of statement.targets) assign(target, value, place);
      return;
    }
    case "augment": {
      const { target, operator } = statement;
      const before = evaluate(target, place);
      const value = evaluate(statement.value, place);
      assign(target, binary(before, operator, value, place.run.budget), place);
      return;
    }
    case "refused":
      throw refusal(`${statement.what} is not supported`);
    default:
      statement satisfies never;
  }
}

/** Gives a value to a name, an entry, or item by item to a row of them. */
export function assign(target: Target, value: Value, place: Place): void {
  const { scope, run } = place;
  if (target.kind === "name") return scope.assign(target.name, value);
  if (target.kind === "index") return assignEntry(target, value, place);
  const items = itemsOf(value, run.budget);
  if (items.length !== target.items.length) {
    throw invalid(`expected ${target.items.length} values to unpack, got ${items.length}`);
  }
  target.items.forEach((part, at) => {
    if (part.kind === "name" || part.kind === "index" || part.kind === "tuple" || part.kind === "list") {
      assign(part, items[at] ?? null, place);
    }
  });
}

function assignEntry(target: Index, value: Value, place: Place): void {
  const container = evaluate(target.object, place);
  const at = evaluate(target.at, place);
  if (typeof container === "object" && container?.kind === "dict") {
    const key = keyOf(at, place.run.budget);
    container.entries.set(key, [container.entries.get(key)?.[0] ?? at, value]);
    return;
  }
  if (typeof container !== "object" || container?.kind !== "list") {
    throw typeError(`'${typeName(container)}' object does not support item assignment`);
  }
  container.items[position(at, container.items.length, "list assignment index out of range")] = value;
}

function call(node: Call, place: Place): Value {
  const { callee } = node;
  if (callee.kind === "attribute") {
    const object = evaluate(callee.object, place);
    return callMethod(object, callee.name, argumentsOf(node, callee.name, place), place.run.budget);
  }
  const target = callee.kind === "name" ? place.scope.callee(callee.name) : evaluate(callee, place);
  if (typeof target !== "object" || target?.kind !== "function") throw notFunction(callee, target, place);
  return target.call(argumentsOf(node, target.name, place), place.run);
}

function notFunction(callee: Expression, target: Value, place: Place): Error {
  if (callee.source === "length") return lengthFault();
  if (!isPlaceholder(target)) return notCallable();
  return typeErrorInCheck(callee.source, place.line);
}

/** ClickHouse's `length` is not a function of the template language, though many reach for it. */
export function lengthFault(): Raised {
  return typeError("length cannot be used as a variable name or as a function inside of a template");
}

function typeErrorInCheck(name: string, line: number): Raised {
  return typeError(`'${name}' is not a valid function, line ${line}`);
}

function argumentsOf(node: Call, name: string, place: Place): Arguments {
  const positional = node.positional.map((argument) => evaluate(argument, place));
  const keywords = node.keywords.map((keyword) => [keyword.name, evaluate(keyword.value, place)] as const);
  return new Arguments(name, positional, new Map(keywords));
}

function indexed(node: Index, place: Place): Value {
  const object = evaluate(node.object, place);
  if (node.at.kind === "slice") return sliced(object, node.at, place);
  const at = evaluate(node.at, place);
  const { budget } = place.run;
  if (isPlaceholder(object)) {
    position(at, itemsOf(object, budget).length, "Placeholder index out of range");
    return PLACEHOLDER;
  }
  if (typeof object === "object" && object?.kind === "dict")
    return entry(object.entries.get(keyOf(at, budget)), at, place);
  const items = sequenceItems(object, place);
  const fault = textOf(object) === undefined ? `${typeName(object)} index out of range` : TEXT_INDEX_FAULT;
  return items[position(at, items.length, fault)] ?? null;
}

const TEXT_INDEX_FAULT =
  "String index out of range. Check that string parameters have values before accessing specific characters " +
  "(e.g., param[0]). Provide default values or add length checks in your template.";

function entry(found: readonly [Value, Value] | undefined, key: Value, place: Place): Value {
  if (found !== undefined) return found[1];
  throw new Raised(
    "KeyError",
    `Missing key '${strOf(key, place.run.budget)}' while rendering the template. Ensure every object accessed in the template has this key.`,
  );
}

function sequenceItems(value: Value, place: Place): readonly Value[] {
  const indexable =
    textOf(value) !== undefined ||
    (typeof value === "object" &&
      value !== null &&
      (value.kind === "list" ||
        value.kind === "tuple" ||
        (value.kind === "series" && value.name === "range")));
  if (!indexable) throw typeError(`'${typeName(value)}' object is not subscriptable`);
  return itemsOf(value, place.run.budget);
}

/** An index counted from either end. */
function position(at: Value, length: number, fault: string): number {
  const number = numberOf(at);
  if (typeof number !== "bigint") throw typeError(`indices must be integers, not ${typeName(at)}`);
  const index = number < 0n ? number + BigInt(length) : number;
  if (index < 0n || index >= BigInt(length)) throw new Raised("IndexError", fault);
  return Number(index);
}

function sliced(object: Value, { start, stop, step }: Slice, place: Place): Value {
  const items = sequenceItems(object, place);
  const bound = (node: Expression | undefined) => (node === undefined ? null : evaluate(node, place));
  const picked = slicePositions(items.length, bound(start), bound(stop), bound(step)).map(
    (at) => items[at] ?? null,
  );
  if (textOf(object) !== undefined) return picked.map((item) => textOf(item) ?? "").join("");
  if (typeof object === "object" && object?.kind === "series")
    throw typeError("a range cannot be sliced here");
  return typeof object === "object" && object?.kind === "tuple"
    ? { kind: "tuple", items: picked }
    : list(picked);
}

function slicePositions(length: number, start: Value, stop: Value, step: Value): readonly number[] {
  const whole = (value: Value) => {
    const number = numberOf(value);
    if (typeof number !== "bigint") throw typeError("slice indices must be integers or None");
    return Math.max(-length - 1, Math.min(length + 1, Number(number)));
  };
  const by = step === null ? 1 : whole(step);
  if (by === 0) throw invalid("slice step cannot be zero");
  const [lowest, highest] = by > 0 ? [0, length] : [-1, length - 1];
  const clamp = (value: Value, otherwise: number) => {
    if (value === null) return otherwise;
    const at = whole(value);
    return Math.max(lowest, Math.min(highest, at < 0 ? at + length : at));
  };
  const from = clamp(start, by > 0 ? lowest : highest);
  const to = clamp(stop, by > 0 ? highest : lowest);
  const positions: number[] = [];
  for (let at = from; by > 0 ? at < to : at > to; at += by) positions.push(at);
  return positions;
}

function compareChain(
  operands: readonly Expression[],
  comparators: readonly Parameters<typeof compares>[1][],
  place: Place,
): Value {
  const [first, ...rest] = operands;
  let left = first === undefined ? null : evaluate(first, place);
  for (const [at, operand] of rest.entries()) {
    const right = evaluate(operand, place);
    if (!compares(left, comparators[at] ?? "==", right, place.run.budget)) return false;
    left = right;
  }
  return true;
}

/** `or` stops at the first true operand, `and` at the first false one; either gives that operand. */
function firstDeciding(operands: readonly Expression[], stopAt: boolean, place: Place): Value {
  let value: Value = null;
  for (const operand of operands) {
    value = evaluate(operand, place);
    if (isTrue(value) === stopAt) return value;
  }
  return value;
}

function joined(parts: readonly Expression[], place: Place): Value {
  const texts = parts.map((part) => strOf(evaluate(part, place), place.run.budget));
  place.run.budget.spend(texts.reduce((size, text) => size + text.length, 0));
  return texts.join("");
}

function comprehend(node: Comprehension, place: Place): Value {
  const { budget } = place.run;
  const variables = breadthFirst(node.generators.map(({ target }) => target));
  const scope = place.scope.inner(
    new Set(variables.flatMap((part) => (part.kind === "name" ? [part.name] : []))),
  );
  const inside = { ...place, scope };
  const keys: Value[] = [];
  const elements: Value[] = [];
  const visit = ([generator, ...deeper]: readonly Generator[], outside: Place): void => {
    if (generator === undefined) {
      if (node.key !== undefined) keys.push(evaluate(node.key, inside));
      elements.push(evaluate(node.element, inside));
      return;
    }
    for (const item of itemsOf(evaluate(generator.iterable, outside), budget)) {
      assign(generator.target, item, inside);
      if (generator.conditions.every((condition) => isTrue(evaluate(condition, inside))))
        visit(deeper, inside);
    }
  };
  visit(node.generators, place);
  switch (node.makes) {
    case "list":
      return list(elements);
    case "set":
      return valueSet(elements, budget);
    case "generator":
      return { kind: "series", name: "generator", items: elements };
    case "dict":
      return dict(
        keys.map((key, at) => [key, elements[at] ?? null]),
        budget,
      );
    default:
      return node.makes satisfies never;
  }
}
