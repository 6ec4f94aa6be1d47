import { identifier, literal } from "../engine/literal.ts";
import { type JsonField, valueSql } from "./field.ts";

/** Where the fields of a table stand in the JSON of a line, as a tree of keys. */
interface Key {
  readonly children: Map<string, Key>;
  /** `[:]` stands behind this key. */
  isEach: boolean;
  leaf: JsonField | null;
}

/**
 * One block an insert, whatever the machine: it is written whole or not at all, and a replay makes the same one. Block
 * boundaries are part of the key by which ClickHouse drops a repeated block.
 */
export const BLOCK_SETTINGS = [
  "max_block_size = 65409",
  "max_insert_threads = 1",
  "min_insert_block_size_rows = 1048449",
  "min_insert_block_size_bytes = 268402944",
  "input_format_parallel_parsing = 0",
] as const;

/** Settings of every insert of rows from a file. */
export const INSERT_SETTINGS = [
  ...BLOCK_SETTINGS,
  "input_format_skip_unknown_fields = 1",
  // A missing or null value must raise, so that the row is looked at, and not become an empty one.
  "input_format_null_as_default = 0",
  "input_format_force_null_for_omitted_fields = 1",
  "date_time_input_format = 'best_effort'",
] as const;

/**
 * ClickHouse stops looking at keys once it has a value for every column, and would not see a key that comes twice.
 * With one column more, which no line has, it looks at all of them.
 */
const NEVER_SENT = "`tb-embedded: never sent`";

/**
 * The statement that writes a segment as it came: ClickHouse reads the file, and raises at the first value that
 * does not fit, having written nothing. Null when a path of the table cannot be read that way.
 */
export function directInsert(
  table: string,
  fields: readonly JsonField[],
): ((segmentPath: string, token: string) => string) | null {
  const root = keyTree(fields);
  if (root === null || fields.length === 0) return null;
  const columns = fields.map((field) => identifier(field.column.name)).join(", ");
  const values = fields.map((field) => valueSql(field, landedName(field))).join(",\n  ");
  const landings = [...root.children].map(([name, key]) => `${identifier(name)} ${landingType(key)}`);
  const structure = [...landings, `${NEVER_SENT} Nullable(String)`].join(", ");
  return (segmentPath, token) => `
INSERT INTO ${table} (${columns})
SELECT
  ${values}
FROM file(${literal(segmentPath)}, 'JSONEachRow', ${literal(structure)})
WHERE isNull(${NEVER_SENT})
SETTINGS ${INSERT_SETTINGS.join(", ")}, insert_deduplication_token = ${literal(token)}`;
}

/** Only keys, with one `[:]` at most: `$` and `$.a[0]` have no place in a file's structure. */
function keyTree(fields: readonly JsonField[]): Key | null {
  const root = newKey();
  for (const field of fields) {
    let key = root;
    for (const step of field.path.steps) {
      if (step.kind === "field") key = childOf(key, step.name);
      else if (step.kind === "each") key.isEach = true;
      else return null;
    }
    if (key === root) return null;
    key.leaf = field;
  }
  return fields.every((field) => readable(root, field)) ? root : null;
}

/** A key that is a value for one column and an object for another is read line by line. */
function readable(root: Key, field: JsonField): boolean {
  let key: Key | undefined = root;
  for (const step of field.path.steps) {
    if (step.kind === "field") key = key?.children.get(step.name);
    if (key?.leaf && key.children.size > 0) return false;
  }
  return key?.leaf != null && key.leaf.isList === field.isList;
}

function childOf(key: Key, name: string): Key {
  const known = key.children.get(name);
  if (known !== undefined) return known;
  const child = newKey();
  key.children.set(name, child);
  return child;
}

function newKey(): Key {
  return { children: new Map(), isEach: false, leaf: null };
}

function landingType(key: Key): string {
  const own =
    key.children.size === 0
      ? "Nullable(String)"
      : `Tuple(${[...key.children].map(([name, child]) => `${identifier(name)} ${landingType(child)}`).join(", ")})`;
  return key.isEach ? `Array(${own})` : own;
}

/** `a`.`b` for `$.a.b`, also where `a` is an array: ClickHouse then gives the array of all `b`. */
function landedName(field: JsonField): string {
  return field.path.steps.flatMap((step) => (step.kind === "field" ? [identifier(step.name)] : [])).join(".");
}
