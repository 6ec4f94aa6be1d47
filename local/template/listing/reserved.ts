import { breadthFirst } from "../expression/nodes.ts";
import type { Site } from "../tags/nodes.ts";

/** Names that the query string itself uses in a way no parameter can share. */
const REFUSED: ReadonlySet<string> = new Set(["format", "q"]);

/** Names that it uses too; a parameter may have them, with a warning. */
const WARNED: ReadonlySet<string> = new Set(
  (
    "__tb__csv_header __tb__semver debug debug_source_tables explain finalize_aggregations job_timestamp " +
    "output_format_json_quote_64bit_integers output_format_json_quote_denormals " +
    "output_format_parquet_string_as_string pipeline playground q query_id release_replacements tag " +
    "template_parameters token"
  ).split(" "),
);

/** The first refused name, as the message about it, and each use of a name to warn about. */
export function reservedNames(sites: readonly Site[]): {
  readonly fault: string | undefined;
  readonly warnings: readonly string[];
} {
  const uses = sites.flatMap(({ roots, line }) =>
    breadthFirst(roots).flatMap((node) => (node.kind === "name" ? [{ name: node.name, line }] : [])),
  );
  const refused = uses.find(({ name }) => REFUSED.has(name));
  return {
    fault: refused && `"${refused.name}" can not be used as a variable name, line ${refused.line}`,
    warnings: uses.map(({ name }) => name).filter((name) => WARNED.has(name)),
  };
}
