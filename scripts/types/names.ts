/** `trending_content` → `trendingContent`, the name of a function or property. */
export const camelCase = (name: string): string =>
  name.replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) => next?.toUpperCase() ?? "");

/** `trending_content` → `TrendingContent`, the name of a type. */
export function pascalCase(name: string): string {
  const camel = camelCase(name);
  return camel.slice(0, 1).toUpperCase() + camel.slice(1);
}

/** `social_interactions` → `social_interaction`, `stories` → `story`: what one row is. */
export const singular = (name: string): string =>
  name
    .replace(/ies$/, "y")
    .replace(/(ss|us|is)$|s$/, (ending, kept: string | undefined) => (kept ? ending : ""));

/** Names of columns that can identify a row: `id`, `event_id`, or after the last word of the data source's name. */
export const identityNames = (dataSource: string): readonly string[] => [
  `${singular(dataSource).split("_").at(-1)}_id`,
  "event_id",
  "id",
];
