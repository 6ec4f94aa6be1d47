import type { TableRecord } from "../catalog.ts";
import { hideSecrets, type Problem } from "../datafile/index.ts";
import { type Engine, EngineError } from "../engine/engine.ts";
import { TinybirdError } from "../errors.ts";
import { problemIn } from "../plan/project.ts";
import { dropTable, type Placement } from "../plan/statements.ts";
import { withKnownNames } from "../served.ts";

export interface BuildContext {
  readonly engine: Engine;
  readonly database: string;
  /** Values by name. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly now: Date;
  /**
   * What becomes of the rows of a data source that gets a new table: they stay behind, as a build of a local project
   * has it; they move; or it is only found out whether they could.
   */
  readonly rows: "leave" | "move" | "check";
}

/** Where a build goes on: what it has made so far, and what it has found wrong. */
export class Site {
  readonly context: BuildContext;
  readonly problems: Problem[] = [];
  readonly warnings: string[] = [];
  /** The tables of data sources, by name. */
  readonly tables: Record<string, TableRecord> = {};
  /** New tables that got the rows of the ones before, by name, with the data source and whether by its FORWARD_QUERY. */
  readonly moved = new Map<string, { readonly datasource: string; readonly byQuery: boolean }>();
  private readonly created: Placement[] = [];

  constructor(context: BuildContext) {
    this.context = context;
  }

  async create(place: Placement, sql: string): Promise<void> {
    await this.context.engine.command(sql);
    this.created.push(place);
  }

  isNew(table: string): boolean {
    return this.created.some((place) => place.table === table);
  }

  /**
   * Does some work for a file. What a caller can mend becomes a problem of it; anything else is a fault of ours and
   * goes on up.
   * @param line of the file, which may depend on what went wrong
   * @returns whether the work was done
   */
  async attempt(
    path: string,
    line: number | null | ((message: string) => number | null),
    work: () => Promise<void>,
  ): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof EngineError || error instanceof TinybirdError)) throw error;
      const message = this.forReaders(error.message);
      this.problems.push(problemIn(path, message, typeof line === "function" ? line(message) : line));
      return false;
    }
  }

  /** ClickHouse repeats the statement, in which tables stand by place and secrets by value. */
  private forReaders(message: string): string {
    const { database, secrets } = this.context;
    const known = withKnownNames(message, this.tables, database);
    return hideSecrets(known, secrets)
      .replace(/^Code: \d+\. DB::Exception: /, "")
      .replace(/, available columns: (?:'[^']*' ?)+/, "");
  }

  /** Takes away what was made. */
  async clear(): Promise<void> {
    for (const place of this.created.toReversed()) await this.context.engine.command(dropTable(place));
  }
}
