/** A column as ClickHouse describes it. */
export interface DescribedColumn {
  readonly name: string;
  readonly type: string;
  /** Empty, or `DEFAULT`, `MATERIALIZED` … */
  readonly default_type?: string;
}

/** What differs between a materialized node and the data source that it fills. */
export interface ColumnDifferences {
  /** Why the view cannot be made, a sentence for each column. */
  readonly errors: readonly string[];
  /** Columns that the view leaves to their zero values: likely forgotten. */
  readonly warnings: readonly string[];
}

/** ClickHouse fills a target by name, and casts what does not fit without a word; so the columns are compared here. */
export function compareColumns(
  node: readonly DescribedColumn[],
  target: readonly DescribedColumn[],
  targetName: string,
): ColumnDifferences {
  const targets = new Map(target.map((column) => [column.name, column]));
  const given = new Set(node.map(({ name }) => name));
  return {
    errors: node.flatMap((column) => difference(column, targets.get(column.name), targetName) ?? []),
    warnings: target
      .filter(({ name, default_type }) => !given.has(name) && !default_type)
      .map(
        ({ name, type }) =>
          `column '${name}' (${type}) of '${targetName}' is not filled and stays at its zero`,
      ),
  };
}

function difference(
  { name, type }: DescribedColumn,
  target: DescribedColumn | undefined,
  targetName: string,
): string | null {
  if (target === undefined)
    return `column '${name}' (${type}) is not in the target data source '${targetName}'`;
  if (fits(storedType(type), storedType(target.type))) return null;
  return `column '${name}' is ${type}, but ${target.type} in the target data source '${targetName}'`;
}

/** A column that may be null takes one that is not. */
function fits(given: string, wanted: string): boolean {
  return given === wanted || `Nullable(${given})` === wanted;
}

/**
 * The type by which values are told apart. SimpleAggregateFunction(f, T) stores T, LowCardinality(T) is another way to
 * write T down, a time zone is only how a DateTime is shown.
 */
function storedType(type: string): string {
  return withoutWrapper(
    withoutWrapper(type, /\bSimpleAggregateFunction\(\w+(?:\([^()]*\))?, /),
    /\bLowCardinality\(/,
  )
    .replace(/\bDateTime\('[^']*'\)/g, "DateTime")
    .replace(/\bDateTime64\((\d+), '[^']*'\)/g, "DateTime64($1)");
}

/** Takes a wrapper and the bracket that closes it off, wherever it stands. */
function withoutWrapper(type: string, opening: RegExp): string {
  const found = opening.exec(type);
  if (found === null) return type;
  const inside = found.index + found[0].length;
  let depth = 1;
  let end = inside;
  for (; end < type.length; end++) {
    if (type[end] === "(") depth += 1;
    if (type[end] === ")") depth -= 1;
    if (depth === 0) break;
  }
  return withoutWrapper(type.slice(0, found.index) + type.slice(inside, end) + type.slice(end + 1), opening);
}
