/** How the cells of a CSV file are written. */
export interface CsvDialect {
  /** One byte. Default: told from the first line. */
  readonly delimiter?: string;
  /** A byte that takes the meaning of the next. Default: none, a quote is doubled. */
  readonly escape?: string;
}

const DELIMITERS = [",", ";", "\t", "|"] as const;

/** The delimiter that the first line has most of, a comma when it has none. */
export function guessDelimiter(firstLine: string): string {
  const counts = DELIMITERS.map((delimiter) => firstLine.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ",";
}
