import type { BinaryOperator, UnaryOperator } from "../expression/nodes.ts";
import { invalid, Raised, typeError } from "../faults.ts";
import type { Budget } from "../limits.ts";
import { bitsOf, bounded, floorDivide, truncate } from "./numbers.ts";
import { reprOf, strOf } from "./text.ts";
import { isPlaceholder, isTrue, list, numberOf, PLACEHOLDER, textOf, typeName, type Value } from "./value.ts";

/** `-x`, `+x`, `not x`. Casts compute as plain numbers. */
export function unary(operator: UnaryOperator, operand: Value): Value {
  if (operator === "not") return !isTrue(operand);
  const number = numberOf(operand);
  if (number === undefined) throw typeError(`bad operand type for unary ${operator}: '${typeName(operand)}'`);
  if (operator === "~") throw unsupported(operator);
  return operator === "-" ? -number : number;
}

/** `left operator right` for numbers, text and lists. */
export function binary(left: Value, operator: BinaryOperator, right: Value, budget: Budget): Value {
  if (operator === "+" && (isPlaceholder(left) || isPlaceholder(right))) return PLACEHOLDER;
  const numbers = [numberOf(left), numberOf(right)];
  if (numbers[0] !== undefined && numbers[1] !== undefined)
    return compute(numbers[0], operator, numbers[1], budget);
  const joined = operator === "+" ? concatenate(left, right, budget) : undefined;
  const repeated =
    operator === "*" ? (repeat(left, right, budget) ?? repeat(right, left, budget)) : undefined;
  const result = joined ?? repeated;
  if (result !== undefined) return result;
  const text = textOf(left);
  if (operator === "%" && text !== undefined) return formatPercent(text, right, budget);
  throw typeError(
    `unsupported operand type(s) for ${operator}: '${typeName(left)}' and '${typeName(right)}'`,
  );
}

function concatenate(left: Value, right: Value, budget: Budget): Value | undefined {
  const texts = [textOf(left), textOf(right)];
  if (texts[0] !== undefined && texts[1] !== undefined) {
    budget.spendCharacters(texts[0].length + texts[1].length);
    return texts[0] + texts[1];
  }
  if (texts[0] !== undefined) throw typeError(`can only concatenate str (not "${typeName(right)}") to str`);
  if (left === null || right === null || typeof left !== "object" || typeof right !== "object")
    return undefined;
  if ((left.kind !== "list" && left.kind !== "tuple") || right.kind !== left.kind) return undefined;
  budget.spend(left.items.length + right.items.length);
  const items = [...left.items, ...right.items];
  return left.kind === "list" ? list(items) : { kind: "tuple", items };
}

function repeat(value: Value, times: Value, budget: Budget): Value | undefined {
  const factor = numberOf(times);
  if (typeof factor !== "bigint") return undefined;
  const count = factor < 0n ? 0 : Number(factor);
  const text = textOf(value);
  if (text !== undefined) {
    budget.spendCharacters(text.length * count);
    return text === "" ? "" : text.repeat(count);
  }
  if (value === null || typeof value !== "object" || (value.kind !== "list" && value.kind !== "tuple"))
    return undefined;
  budget.spend(value.items.length * count);
  const { items } = value;
  const copies = items.length === 0 ? [] : Array.from({ length: count }, () => items).flat();
  return value.kind === "list" ? list(copies) : { kind: "tuple", items: copies };
}

function compute(
  left: bigint | number,
  operator: BinaryOperator,
  right: bigint | number,
  budget: Budget,
): Value {
  budget.spend(1);
  if (typeof left === "bigint" && typeof right === "bigint") return computeWhole(left, operator, right);
  return computeFloat(Number(left), operator, Number(right));
}

function computeWhole(left: bigint, operator: BinaryOperator, right: bigint): Value {
  switch (operator) {
    case "+":
      return bounded(Math.max(bitsOf(left), bitsOf(right)), () => left + right);
    case "-":
      return bounded(Math.max(bitsOf(left), bitsOf(right)), () => left - right);
    case "*":
      return bounded(bitsOf(left) + bitsOf(right), () => left * right);
    case "/":
      return divideWhole(left, right);
    case "//":
      return floorDivide(left, nonZero(right));
    case "%":
      return left - floorDivide(left, nonZero(right)) * right;
    case "**":
      return power(left, right);
    default:
      throw unsupported(operator);
  }
}

/** A true division rounds once, so operands wider than a float's 53 bits are not turned into floats first. */
function divideWhole(left: bigint, right: bigint): number {
  nonZero(right);
  const exact = BigInt.asIntN(54, left) === left && BigInt.asIntN(54, right) === right;
  if (!exact) throw invalid("'/' takes whole numbers of at most 53 bits; use '//'");
  return Number(left) / Number(right);
}

function power(left: bigint, right: bigint): Value {
  if (right < 0n) return computeFloat(Number(left), "**", Number(right));
  const small = left === 0n || left === 1n || left === -1n;
  if (small) return right === 0n || left === 1n || (left === -1n && right % 2n === 0n) ? 1n : left;
  return bounded(bitsOf(left) * Number(right), () => left ** right);
}

function computeFloat(left: number, operator: BinaryOperator, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / nonZero(right);
    case "//":
      return Math.floor((left - floorModulo(left, nonZero(right))) / right + 0.5);
    case "%":
      return floorModulo(left, nonZero(right));
    case "**":
      return floatPower(left, right);
    default:
      throw unsupported(operator);
  }
}

/** The remainder with the sign of the divisor. */
function floorModulo(left: number, right: number): number {
  const remainder = left % right;
  if (remainder !== 0 && remainder < 0 !== right < 0) return remainder + right;
  return remainder === 0 ? Math.sign(right) * 0 : remainder;
}

function floatPower(left: number, right: number): number {
  if (left === 0 && right < 0)
    throw new Raised("ZeroDivisionError", "0.0 cannot be raised to a negative power");
  const result = left ** right;
  if (Number.isNaN(result) && !Number.isNaN(left + right)) throw invalid("this power is not a real number");
  if (!Number.isFinite(result) && Number.isFinite(left))
    throw new Raised("OverflowError", "the result is too large");
  return result;
}

function nonZero<T extends bigint | number>(divisor: T): T {
  if (!divisor) throw new Raised("ZeroDivisionError", "division by zero");
  return divisor;
}

const CONVERSION = /%([\s\S]?)/g;

/** `'%s of %d' % (a, b)`: the conversions `%s`, `%r`, `%d` and `%%`, without widths. */
function formatPercent(format: string, right: Value, budget: Budget): string {
  budget.spendCharacters(format.length);
  const values =
    typeof right === "object" && right !== null && right.kind === "tuple" ? [...right.items] : [right];
  const text = format.replace(CONVERSION, (_, conversion: string) => {
    if (conversion === "%") return "%";
    const value = values.shift();
    if (value === undefined) throw typeError("not enough arguments for format string");
    return convert(conversion, value, budget);
  });
  if (values.length > 0) throw typeError("not all arguments converted during string formatting");
  budget.spendCharacters(text.length);
  return text;
}

function convert(conversion: string, value: Value, budget: Budget): string {
  if (conversion === "s") return strOf(value, budget);
  if (conversion === "r") return reprOf(value, budget);
  const number = numberOf(value);
  if (conversion === "d" && number !== undefined) {
    return typeof number === "bigint" ? String(number) : String(truncate(number));
  }
  throw typeError(`the format %${conversion} is not supported for ${typeName(value)}; use %s, %r, %d or %%`);
}

function unsupported(operator: string): Raised {
  return typeError(`the operator '${operator}' is not supported`);
}
