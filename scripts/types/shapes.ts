/** One property of a generated schema. */
export interface Field {
  readonly name: string;
  /** The schema, in the words of `sdk/src/values/column-types.ts`. */
  readonly words: string;
  /** Lines of the doc comment. */
  readonly doc: readonly string[];
}

/** A data source that takes events. */
export interface DataSourceShape {
  readonly name: string;
  readonly description: string | null;
  /** The column that identifies a row; null when none has such a name. */
  readonly identity: string | null;
  readonly fields: readonly Field[];
}

/** An endpoint: what it is asked with and what it answers. */
export interface EndpointShape {
  readonly name: string;
  readonly description: string | null;
  readonly parameters: readonly Field[];
  readonly columns: readonly Field[];
  /** Columns whose text is a moment in UTC. */
  readonly dates: readonly string[];
  /** Whether it answers in pages: a parameter `cursor` that takes the column `next_cursor` of the last row. */
  readonly paged: boolean;
}
