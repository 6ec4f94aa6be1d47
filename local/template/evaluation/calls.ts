import type { Call, Expression } from "../expression/nodes.ts";
import { notCallable, type Raised, typeError } from "../faults.ts";
import { Arguments } from "../functions/arguments.ts";
import { callMethod } from "../values/methods.ts";
import { isPlaceholder, type Value } from "../values/value.ts";
import { evaluate, type Place } from "./evaluate.ts";

/** Calls a function of the language, or a method of a value. */
export function call(node: Call, place: Place): Value {
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
