import { TinybirdError } from "../errors.ts";
import { parseTemplate, type RenderRequest, renderTemplate } from "./index.ts";

export type Options = Omit<RenderRequest, "params">;

/** What a template, written without its `%`, renders to. */
export function sqlOf(template: string, params: RenderRequest["params"] = {}, options: Options = {}): string {
  return renderTemplate(parseTemplate(`%${template}`), { params, ...options }).sql;
}

/** Why a template is refused, when it is parsed or when it is rendered. */
export function refusalOf(
  template: string,
  params: RenderRequest["params"] = {},
  options: Options = {},
): TinybirdError {
  try {
    const sql = sqlOf(template, params, options);
    throw new Error(`rendered ${JSON.stringify(sql)}`);
  } catch (error) {
    if (error instanceof TinybirdError) return error;
    throw error;
  }
}

/** The same without what all messages of templates begin with. */
export function reasonOf(template: string, params?: RenderRequest["params"], options?: Options): string {
  return refusalOf(template, params, options).message.replace(/^Template Syntax Error: /, "");
}
