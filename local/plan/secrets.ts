import { literal } from "../engine/literal.ts";
import { tokenizeSql } from "./sql/tokens.ts";

const PARAMETER = /^\{\s*(\w+)\s*:\s*String\s*\}$/;

/**
 * Writes the values of secrets in place of the query parameters that a template has left for them, `{name: String}`.
 * Parameters in strings and comments, and those of other names, stay as they are.
 * @param names the secrets that the template has used
 * @param secret the value of one by name, null when there is none
 */
export function bindSecrets(
  sql: string,
  names: readonly string[],
  secret: (name: string) => string | null,
): string {
  if (names.length === 0) return sql;
  let text = sql;
  for (const token of tokenizeSql(sql).toReversed()) {
    const name = token.kind === "parameter" ? PARAMETER.exec(token.text)?.[1] : undefined;
    const value = name !== undefined && names.includes(name) ? secret(name) : null;
    if (value !== null) text = text.slice(0, token.start) + literal(value) + text.slice(token.end);
  }
  return text;
}
