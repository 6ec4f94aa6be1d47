import {
  type Column,
  columnType,
  type Datafile,
  type Datasource,
  type JsonStep,
  parseJsonPath,
} from "tb-embedded";
import { identityNames } from "./names.ts";
import type { DataSourceShape, Field } from "./shapes.ts";
import { wordsFor } from "./words.ts";

/**
 * The data sources that take events: those with an APPEND token, and those that no pipe writes to; a data source whose
 * columns come from no JSON takes none.
 */
export function dataSourceShapes(datafiles: readonly Datafile[]): readonly DataSourceShape[] {
  const targets = writtenByPipes(datafiles);
  return datafiles
    .filter((file) => file.kind === "datasource")
    .filter(({ name, tokens }) => tokens.some(({ scope }) => scope === "APPEND") || !targets.has(name))
    .map(dataSourceShape)
    .filter(({ fields }) => fields.length > 0);
}

function writtenByPipes(datafiles: readonly Datafile[]): ReadonlySet<string | null> {
  const pipes = datafiles.filter((file) => file.kind === "pipe");
  const nodes = pipes.flatMap((pipe) => pipe.nodes);
  return new Set(nodes.flatMap(({ datasource, copy }) => [datasource, copy?.targetDatasource ?? null]));
}

function dataSourceShape({ name, description, columns }: Datasource): DataSourceShape {
  const identity = columns.find((column) => isIdentity(name, column))?.name ?? null;
  return {
    name,
    description,
    identity,
    fields: fieldsOf(columns.flatMap((column) => leaf(column, identity))),
  };
}

/** It is a field of the event itself, under the column's own name, for the client to fill in. */
const isIdentity = (dataSource: string, { name, type, jsonPath }: Column): boolean =>
  identityNames(dataSource).includes(name) && jsonPath === `$.${name}` && /^(?:String|UUID)$/.test(type);

/** A column's place in the event: the fields that lead to it, and its schema. */
interface Leaf {
  readonly path: readonly string[];
  readonly words: string;
  readonly doc: readonly string[];
}

function leaf(column: Column, identity: string | null): readonly Leaf[] {
  const read = column.jsonPath === null ? null : parseJsonPath(column.jsonPath);
  if (!read?.ok) return [];
  const { path, isColumn } = placeOf(read.path.steps);
  if (path.length === 0) return [];
  const type = columnType(column);
  return [
    {
      path,
      words: isColumn ? columnWords(column, type, identity) : "anything()",
      doc: columnDoc(column, type),
    },
  ];
}

/** The fields up to the first list; what stands inside the items of a list has no schema of its own. */
function placeOf(steps: readonly JsonStep[]): { path: readonly string[]; isColumn: boolean } {
  const end = steps.findIndex(({ kind }) => kind !== "field");
  const fields = end === -1 ? steps : steps.slice(0, end);
  const rest = end === -1 ? [] : steps.slice(end);
  const isColumn = rest.length === 0 || (rest.length === 1 && rest[0]?.kind === "each");
  return { path: fields.flatMap((step) => (step.kind === "field" ? [step.name] : [])), isColumn };
}

function columnWords(column: Column, type: string, identity: string | null): string {
  if (column.name === identity) return type === "UUID" ? "optional(uuid())" : "identity()";
  const words = wordsFor(type, "event");
  return column.defaultExpression === null || column.nullable ? words : `optional(${words})`;
}

function columnDoc({ defaultExpression }: Column, type: string): readonly string[] {
  return [`\`${type}\`${defaultExpression === null ? "" : `; default \`${defaultExpression}\``}`];
}

/** Leaves with a first field in common become one nested object. */
function fieldsOf(leaves: readonly Leaf[]): readonly Field[] {
  const byField = new Map<string, Leaf[]>();
  for (const one of leaves) byField.set(one.path[0] ?? "", [...(byField.get(one.path[0] ?? "") ?? []), one]);
  return [...byField].map(([name, group]) => {
    const [first] = group;
    if (first !== undefined && first.path.length === 1) return { name, words: first.words, doc: first.doc };
    const inner = fieldsOf(group.map((one) => ({ ...one, path: one.path.slice(1) })));
    return { name, words: `z.strictObject({ ${inner.map(inline).join(", ")} })`, doc: [] };
  });
}

const inline = ({ name, words }: Field) => `${JSON.stringify(name)}: ${words}`;
