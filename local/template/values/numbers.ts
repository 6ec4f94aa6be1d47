import { invalid, Raised } from "../faults.ts";
import { MAX_BITS, MAX_DIGITS } from "../limits.ts";

/** Decimal exponents from which Python prints a float with an exponent: below the first, from the second. */
const SMALLEST_PLAIN_EXPONENT = -4;
const FIRST_LARGE_EXPONENT = 16;

/** A float's shortest text that reads back as the same float, laid out like Python's: `3.0`, `1e-07`, `1e+16`, `nan`. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  if (!Number.isFinite(value)) return `${sign}inf`;
  const [mantissa = "", exponentText = "0"] = Math.abs(value).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const exponent = Number(exponentText);
  if (exponent >= SMALLEST_PLAIN_EXPONENT && exponent < FIRST_LARGE_EXPONENT) {
    return sign + plainText(digits, exponent);
  }
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${sign}${mantissa}e${exponent < 0 ? "-" : "+"}${size}`;
}

function plainText(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${whole}.${digits.slice(exponent + 1) || "0"}`;
}

/** Python's blanks: what `strip()` removes. JavaScript's own list differs by a few characters. */
const BLANKS = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const LEADING = new RegExp(`^[${BLANKS}]+`);
const BLANK = new RegExp(`[${BLANKS}]`);

export function trimStart(text: string): string {
  return text.replace(LEADING, "");
}

export function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && BLANK.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

export function trim(text: string): string {
  return trimEnd(trimStart(text));
}

/** The words between runs of blanks. */
export function words(text: string): readonly string[] {
  return text.split(new RegExp(`[${BLANKS}]+`)).filter((word) => word !== "");
}

const DECIMAL_DIGIT = /\p{Nd}/u;

/** Decimal digits of every script as 0-9, which Python's number readers take alike. */
export function asciiDigits(text: string): string {
  return text.replace(/[^\x00-\x7f]/gu, (digit) => {
    if (!DECIMAL_DIGIT.test(digit)) return digit;
    // Unicode keeps each script's ten digits together, zero first.
    let before = (digit.codePointAt(0) ?? 0) - 1;
    let count = 0;
    for (; DECIMAL_DIGIT.test(String.fromCodePoint(before)); before -= 1) count += 1;
    return String(count % 10);
  });
}

const FLOAT = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|nan|inf|infinity)$/i;

/** The float a text is for Python's `float()`, without its underscores; undefined when it is none. */
export function readFloat(text: string): number | undefined {
  const plain = asciiDigits(trim(text)).toLowerCase();
  if (!FLOAT.test(plain)) return undefined;
  if (plain.endsWith("nan")) return Number.NaN;
  if (/inf/.test(plain)) return plain.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(plain);
}

/** The whole number that optional sign and ASCII digits are, or undefined past `MAX_DIGITS`. */
export function readDigits(text: string): bigint | undefined {
  const negative = text.startsWith("-");
  const digits = text.replace(/^[+-]/, "").replace(/^0+(?=\d)/, "");
  if (!/^\d+$/.test(digits) || digits.length > MAX_DIGITS) return undefined;
  return negative ? -BigInt(digits) : BigInt(digits);
}

/** The integer a text is for Python's `int()`. */
export function readInteger(text: string): bigint | undefined {
  return readDigits(asciiDigits(trim(text)).replace(/(?<=\d)_(?=\d)/g, ""));
}

/** A float without its fraction. */
export function truncate(value: number): bigint {
  if (!Number.isFinite(value)) throw invalid(`cannot convert float ${floatText(value)} to integer`);
  return BigInt(Math.trunc(value));
}

/** Rounds to `digits` decimals, halves to even, on the exact value of the float. */
export function roundTo(value: number, digits: number): number {
  if (!Number.isFinite(value)) return value;
  let numerator = value;
  let halvings = 0n;
  for (; !Number.isInteger(numerator); halvings += 1n) numerator *= 2;
  const scaled = BigInt(numerator) * 10n ** BigInt(digits);
  const unit = 2n ** halvings;
  const low = floorDivide(scaled, unit);
  const twice = 2n * (scaled - low * unit);
  const up = twice > unit || (twice === unit && low % 2n !== 0n);
  return Number(`${up ? low + 1n : low}e-${digits}`);
}

export function floorDivide(left: bigint, right: bigint): bigint {
  const quotient = left / right;
  return left % right !== 0n && left < 0n !== right < 0n ? quotient - 1n : quotient;
}

/** A whole number that stays within the limit of digits. */
export function bounded(bits: number, compute: () => bigint): bigint {
  if (bits > MAX_BITS)
    throw new Raised("OverflowError", `a whole number would have more than ${MAX_DIGITS} digits`);
  return compute();
}

/** Bits a whole number takes, rounded up to four. */
export function bitsOf(value: bigint): number {
  return (value < 0n ? -value : value).toString(16).length * 4;
}
