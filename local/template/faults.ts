import { fault, TinybirdError } from "../errors.ts";

const PREFIX = "Template Syntax Error: ";

/** Longest piece of a template that an error repeats, in characters. */
const EXCERPT = 60;

/** Refuses a template, or a rendering, for good. */
export function refusal(text: string): TinybirdError {
  return fault("TEMPLATE", PREFIX + text);
}

/** Refuses a template whose tags do not fit together. Lines count the text after the first `%`, from 1. */
export function tagFault(text: string, line: number): TinybirdError {
  return fault("TEMPLATE", `${text} at <string>:${line}`);
}

/** Refuses a template that ends inside a block. The engine says `if` whatever the block is, and the line of the last tag. */
export function unclosed(lastLine: number): TinybirdError {
  return fault("TEMPLATE", `Missing {% end %} block for if at line ${lastLine}`);
}

/** Refuses an expression that the grammar does not have. */
export function malformed(source: string, problem: string): TinybirdError {
  return refusal(`invalid syntax in "${excerpt(source)}": ${problem}`);
}

/** The beginning of a piece of template text, for messages. */
export function excerpt(source: string): string {
  return source.length > EXCERPT ? `${source.slice(0, EXCERPT)}...` : source;
}

/** Names an `except` block can catch, with the wider names that catch them too. */
export const EXCEPTIONS = {
  Exception: [],
  ArithmeticError: ["Exception"],
  AttributeError: ["Exception"],
  IndexError: ["LookupError", "Exception"],
  KeyError: ["LookupError", "Exception"],
  LookupError: ["Exception"],
  NameError: ["Exception"],
  OverflowError: ["ArithmeticError", "Exception"],
  TypeError: ["Exception"],
  UnboundLocalError: ["NameError", "Exception"],
  ValueError: ["Exception"],
  ZeroDivisionError: ["ArithmeticError", "Exception"],
} as const satisfies Record<string, readonly string[]>;

export type ExceptionName = keyof typeof EXCEPTIONS;

/** A failure while rendering, which a `try` block of the template may catch. Never leaves this room. */
export class Raised extends Error {
  override readonly name = "Raised";
  readonly type: ExceptionName;
  /** What the caller of the rendering gets when nothing catches it. */
  readonly error: TinybirdError;

  constructor(type: ExceptionName, text: string, error: TinybirdError = refusal(text)) {
    super(text);
    this.type = type;
    this.error = error;
  }
}

/** A value does not suit its use: the failures of the template functions. */
export function invalid(text: string): Raised {
  return new Raised("ValueError", text);
}

/** An operation does not exist for the values it got. */
export function typeError(text: string): Raised {
  return new Raised("TypeError", text);
}

/** A word that is not a function was called, or a list was used as a key: one text for all of them. */
export function notCallable(): Raised {
  return typeError("wrong syntax, you might be using a not valid function inside a control block");
}

/** The failure an endpoint asks for itself with `error()` or `custom_error()`: its own text, status and body. */
export function requested(text: string, options: { status?: number; body?: unknown } = {}): Raised {
  if (options.status === undefined) return new Raised("ValueError", text, fault("TEMPLATE", text));
  const error = new TinybirdError("CUSTOM_ERROR", options.status, text, { body: options.body });
  return new Raised("Exception", text, error);
}

/** Throws where an expression is due: `textOf(value) ?? fail(typeError("…"))`. */
export function fail(error: Error): never {
  throw error;
}
