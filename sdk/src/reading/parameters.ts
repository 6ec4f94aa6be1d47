import type * as z from "zod";
import { InvalidParameterError } from "../errors.ts";
import type { HttpRequest } from "../http/transport.ts";
import { issuesOf } from "../issues.ts";
import { toDateTime } from "../values/date-time.ts";
import { utf8 } from "../values/utf8.ts";

/** Parameters as they travel: name and text. */
export type ParameterTexts = Readonly<Record<string, string>>;

/** The service and the proxies before it take addresses of about 8 KB. Longer parameters travel in the body. */
const MAX_SEARCH_LENGTH = 4_000;

/** Throws InvalidParameterError. */
export function checkedParameters(
  endpoint: { readonly name: string; readonly parameters: z.ZodObject },
  parameters: unknown,
): Record<string, unknown> {
  const result = endpoint.parameters.safeParse(parameters);
  if (result.success) return result.data;
  const known = Object.keys(endpoint.parameters.shape);
  throw new InvalidParameterError(endpoint.name, issuesOf(result.error, parameters, "parameters", known));
}

/** Parameters that are undefined are left out, so the endpoint's defaults hold. */
export function parameterTexts(parameters: Readonly<Record<string, unknown>>): ParameterTexts {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given.map(([name, value]) => [name, parameterText(value)]));
}

/** A list becomes values with commas between, as the service's Array parameters are read. */
function parameterText(value: unknown): string {
  if (value instanceof Date) return toDateTime(value) ?? String(value);
  if (Array.isArray(value)) return value.map(parameterText).join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export function pipeRequest(pipe: string, format: string, parameters: ParameterTexts): HttpRequest {
  const path = `/v0/pipes/${pipe}.${format}`;
  const search = new URLSearchParams(parameters).toString();
  if (search.length <= MAX_SEARCH_LENGTH) {
    return { method: "GET", path: search === "" ? path : `${path}?${search}` };
  }
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return { method: "POST", path, headers, body: utf8(search) };
}

/** The parameter that the service's sentence is about, where it says so. */
export function parameterIn(
  sentence: string,
  names: readonly string[],
  sent: ParameterTexts,
): string | undefined {
  const value = /Error validating '(.*)' to type/.exec(sentence)?.[1];
  const byValue = names.find((name) => value !== undefined && sent[name] === value);
  return byValue ?? names.find((name) => new RegExp(`\\b${name}\\b`).test(sentence));
}
