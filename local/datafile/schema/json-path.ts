/** Where a column's value stands in a JSON record. No steps at all (`$`) is the whole record. */
export interface JsonPath {
  /** As written. */
  readonly text: string;
  readonly steps: readonly JsonStep[];
}

export type JsonStep =
  /** `.name` or `['name']`: a field of an object. */
  | { readonly kind: "field"; readonly name: string }
  /** `[3]`: one element of an array, counted from 0. */
  | { readonly kind: "element"; readonly index: number }
  /** `[:]`: every element of an array; at most one in a path. */
  | { readonly kind: "each" };

export type JsonPathResult =
  | { readonly ok: true; readonly path: JsonPath }
  | { readonly ok: false; readonly message: string };

const STEP =
  /\.?\[(?:(?<each>:)|(?<index>\d+)|'(?<single>[^']+)'|"(?<double>[^"]+)")\]|\.(?<field>[^.[\]*'"\s]+)/y;

/**
 * Reads a JSON path: `$`, `$.a.b`, `$.tags[:]`, `$.media[:].url`, `$.first[0]`, `$['odd key']`.
 * Refused: a path without `$`, `..`, `*`, filters, slices other than `[:]`, and more than one `[:]`.
 */
export function parseJsonPath(text: string): JsonPathResult {
  if (!text.startsWith("$")) return refusal(text, "it must start with $");
  const steps: JsonStep[] = [];
  let end = 1;
  for (STEP.lastIndex = end; end < text.length; end = STEP.lastIndex) {
    const groups = STEP.exec(text)?.groups;
    if (groups === undefined) return refusal(text, reasonAt(text.slice(end)));
    steps.push(toStep(groups));
  }
  if (steps.filter((step) => step.kind === "each").length > 1)
    return refusal(text, "only one [:] is supported");
  return { ok: true, path: { text, steps } };
}

function toStep({ each, index, single, double, field }: Record<string, string | undefined>): JsonStep {
  if (each !== undefined) return { kind: "each" };
  if (index !== undefined) return { kind: "element", index: Number(index) };
  return { kind: "field", name: field ?? single ?? double ?? "" };
}

function refusal(text: string, reason: string): JsonPathResult {
  return { ok: false, message: `Invalid JSON path '${text}': ${reason}` };
}

function reasonAt(rest: string): string {
  if (rest.startsWith("..")) return "recursive descent (..) is not supported";
  if (/^\.?\[?\*/.test(rest)) return "wildcards are not supported, use [:] for every element of an array";
  if (/^\.?\[\??\(/.test(rest) || rest.startsWith("[?")) return "filters are not supported";
  if (/^\.?\[[^\]]*[:,]/.test(rest)) return "the only slice that is supported is [:]";
  if (/^\.?\[-/.test(rest)) return "elements are counted from 0, negative ones are not supported";
  if (rest.startsWith("[")) return `expected [:], [n] or ['name'], got '${rest}'`;
  return `expected .name or [:] or [n], got '${rest}'`;
}
