import type * as z from "zod";
import type { Issue } from "./errors.ts";

/** A value in an error text is cut after this many characters. */
const PRINT_LENGTH = 60;

/**
 * What zod found wrong, in the words of `errors.ts`: where, what was expected, what came.
 *
 * @param whole The name used for the input itself, such as `event`.
 * @param known The fields there are, named when one is not among them.
 */
export function issuesOf(
  error: z.ZodError,
  input: unknown,
  whole: string,
  known: readonly string[],
): readonly Issue[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => unknownField([...issue.path, key], input, known));
    }
    const expected = issue.path.length === 0 && issue.code === "invalid_type" ? "an object" : issue.message;
    return [{ field: printPath(issue.path) || whole, expected, received: describe(at(input, issue.path)) }];
  });
}

function unknownField(path: readonly PropertyKey[], input: unknown, known: readonly string[]): Issue {
  const expected = path.length === 1 ? `no such field (there are ${known.join(", ")})` : "no such field";
  return { field: printPath(path), expected, received: describe(at(input, path)) };
}

/** `["tags", 2]` → `tags[2]`. */
const printPath = (path: readonly PropertyKey[]) =>
  path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");

function at(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
}

/** A short print of a value: its type, and the value where it is short and plain. */
export function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "an invalid Date" : value.toISOString();
  if (typeof value === "string") return `the string ${JSON.stringify(shorten(value))}`;
  if (typeof value === "object") return "an object";
  if (typeof value === "function") return "a function";
  return `the ${typeof value} ${shorten(String(value))}`;
}

/** The text of anything thrown; some network errors have only a code. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return shorten(String(cause));
  if (cause.message !== "") return cause.message;
  return "code" in cause ? String(cause.code) : cause.name;
}

const shorten = (text: string) => (text.length > PRINT_LENGTH ? `${text.slice(0, PRINT_LENGTH)}…` : text);
