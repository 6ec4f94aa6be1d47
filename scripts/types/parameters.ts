import {
  type Pipe,
  type Plain,
  parseTemplate,
  type TemplateParameter,
  templateParameters,
} from "tb-embedded";
import type { Field } from "./shapes.ts";
import { wordsFor } from "./words.ts";

/** A parameter of an endpoint: of its mentions, the first with a type, and what the others add. */
export interface Parameter {
  readonly name: string;
  /** `Int32`, `Array(String)`, … */
  readonly type: string;
  readonly default: Plain;
  readonly description?: Plain | undefined;
  readonly example?: Plain | undefined;
  readonly enum?: Plain | undefined;
  /** Declared as required, whatever its default. */
  readonly required: boolean;
}

/** The parameters of pipes that are called together, in the order of their first mention. */
export function parametersOf(pipes: readonly Pipe[]): readonly Parameter[] {
  const nodes = pipes.flatMap((pipe) => pipe.nodes);
  const templates = nodes.filter(({ isTemplate }) => isTemplate).map(({ sql }) => sql);
  const listed = templates.flatMap((sql) => templateParameters(parseTemplate(sql)));
  const names = new Set(listed.map(({ name }) => String(name)));
  const mentions = [...listed, ...templates.flatMap(mentionsByTag)];
  return [...names].map((name) => ({ ...merged(mentions.filter((one) => one.name === name)), name }));
}

/** An expression within `{{ … }}`, `{% if … %}` or `{% elif … %}`. */
const TAG = /\{\{(.*?)\}\}|\{%\s*(?:if|elif)\s(.*?)%\}/gs;

/**
 * The mentions in each tag by itself. The listing of a whole template leaves out those in conditions when the parameter is
 * printed too, as the service does, and the type or the default may stand in the condition only.
 */
function mentionsByTag(sql: string): readonly TemplateParameter[] {
  return [...sql.matchAll(TAG)].flatMap(([, printed, condition]) => {
    try {
      const tag = printed === undefined ? `{% if ${condition} %}{% end %}` : `{{${printed}}}`;
      return templateParameters(parseTemplate(`%\n${tag}`));
    } catch {
      // A tag that ends within a text of it; the whole template was read before.
      return [];
    }
  });
}

function merged(mentions: readonly TemplateParameter[]): Omit<Parameter, "name"> {
  const typed = mentions.filter(({ used_in }) => used_in === undefined);
  const first = typed.find(({ type }) => type !== "String") ?? typed[0] ?? mentions[0];
  const said = (keyword: "description" | "example" | "enum") =>
    mentions.map((mention) => mention[keyword]).find((value) => value !== undefined && value !== null);
  return {
    type: first?.type ?? "String",
    default: typed.map((mention) => mention.default).find((value) => value !== null) ?? null,
    description: said("description"),
    example: said("example"),
    enum: said("enum"),
    required: mentions.some((mention) => mention.required === true),
  };
}

export function parameterField(parameter: Parameter, required: boolean): Field {
  const words = parameterWords(parameter);
  return {
    name: parameter.name,
    words: required ? words : `optional(${words})`,
    doc: parameterDoc(parameter),
  };
}

function parameterWords({ type, enum: values }: Parameter): string {
  if (Array.isArray(values) && values.length > 0 && type === "String")
    return `oneOf(${JSON.stringify(values.map(String))})`;
  // A parameter's DateTime may carry a zone or none; both are written in UTC.
  return wordsFor(type === "JSON" ? "" : type, "parameter");
}

function parameterDoc({ description, default: fallback, example }: Parameter): readonly string[] {
  const facts = [
    fallback === null ? "" : `Default: \`${plainText(fallback)}\`.`,
    example === undefined ? "" : `Example: \`${plainText(example)}\`.`,
  ].filter((fact) => fact !== "");
  return [
    ...(description === undefined ? [] : [sentence(String(description))]),
    ...(facts.length > 0 ? [facts.join(" ")] : []),
  ];
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
const plainText = (value: Plain) => (typeof value === "string" ? value : JSON.stringify(value));

/** A value that fits, for asking an endpoint that needs one. */
export function sampleOf({ type, default: fallback, example, enum: values }: Parameter): string {
  const given =
    example ?? (fallback === "" ? null : fallback) ?? (Array.isArray(values) ? values[0] : null) ?? null;
  if (given !== null) return String(given);
  const inner = /^Array\((.*)\)$/.exec(type)?.[1] ?? type;
  if (/^(?:U?Int|Float|Decimal)/.test(inner)) return "1";
  if (inner.startsWith("DateTime")) return "2026-01-01 00:00:00";
  if (inner.startsWith("Date")) return "2026-01-01";
  if (inner === "UUID") return "00000000-0000-4000-8000-000000000000";
  if (inner === "JSON") return "{}";
  return inner.startsWith("Bool") ? "true" : "a";
}
