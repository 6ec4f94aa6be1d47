import type { Expression } from "../expression/nodes.ts";
import { refusal } from "../faults.ts";
import { binary, unary } from "../values/arithmetic.ts";
import { compares } from "../values/comparison.ts";
import { missing } from "../values/methods.ts";
import { reprOf, strOf } from "../values/text.ts";
import { dict, isTrue, list, type Value, valueSet } from "../values/value.ts";
import { call } from "./calls.ts";
import { comprehend } from "./comprehension.ts";
import { indexed } from "./indexing.ts";
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
