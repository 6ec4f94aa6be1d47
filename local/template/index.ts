/** Tinybird's SQL template language: text and request values in, SQL out. Pure: no file, no network, no clock of its own. */
import { fault } from "../errors.ts";
import type { TemplateParameter } from "./listing/parameters.ts";
import type { Template } from "./template.ts";

export { PLACEHOLDER_NAME } from "./functions/identifiers.ts";
export type { Plain, TemplateParameter } from "./listing/parameters.ts";
export { type Rendered, type RenderRequest, renderTemplate } from "./render.ts";
export { renderSecrets } from "./secrets.ts";
export { isTemplate, parseTemplate, type Template } from "./template.ts";

/**
 * The mentions of parameters in a template. A name can come several times; the first mention is the one that counts.
 * @throws TinybirdError TEMPLATE when a list stands where a name belongs
 */
export function templateParameters(template: Template): readonly TemplateParameter[] {
  if (template.parameterFault !== undefined) throw fault("TEMPLATE", template.parameterFault);
  return template.parameters;
}

/** Names of the tables that `table('…')` reads, in any branch; names that come from the request are not known here. */
export function templateTables(template: Template): readonly string[] {
  return template.tables;
}

/** Why a build refuses the template's parameters, such as `"1.5" can not be used as a variable name`; undefined when it does not. */
export function templateBuildFault(template: Template): string | undefined {
  return template.buildFault;
}
