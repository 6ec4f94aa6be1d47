import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Column } from "../datafile/index.ts";
import { type Engine, EngineError, rowsOf } from "../engine/engine.ts";
import { directInsert } from "./direct.ts";
import { type Field, fieldsOf } from "./field.ts";
import { linesOf, type Segment, segments } from "./lines.ts";
import { quarantineFile, quarantineInsert } from "./quarantine.ts";
import { misfitOf, misfitQuery, readLines, type SiftedRow, siftedFile, siftedInsert } from "./sift.ts";

/** Where rows go. */
export interface IngestTarget {
  readonly engine: Engine;
  /** Holds a segment's file while it is written. */
  readonly folder: string;
  readonly columns: readonly Column[];
  /** `database`.`table`, as SQL. */
  readonly table: string;
  readonly quarantine: string;
}

/** What became of the rows of a body: every line that is not blank is in one of the first two. */
export interface IngestCounts {
  /** Written to the table. */
  readonly rows: number;
  readonly quarantined: number;
  readonly bytes: number;
}

/**
 * Writes NDJSON to a table, and the rows that do not fit to its quarantine.
 * @throws TinybirdError ROW_TOO_LARGE
 * @throws EngineError when ClickHouse cannot write at all
 */
export async function ingest(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  target: IngestTarget,
): Promise<IngestCounts> {
  const run = new IngestRun(target);
  let counts: IngestCounts = { rows: 0, quarantined: 0, bytes: 0 };
  for await (const segment of segments(body)) {
    const quarantined = await run.write(segment);
    counts = {
      rows: counts.rows + segment.rows - quarantined,
      quarantined: counts.quarantined + quarantined,
      bytes: counts.bytes + segment.bytes.length,
    };
  }
  return counts;
}

/** ClickHouse's numbers for what is wrong with the server and not with a row. */
const SERVER_CODES: ReadonlySet<number | null> = new Set([
  60, // UNKNOWN_TABLE: dropped by a build meanwhile
  74, // CANNOT_READ_FROM_FILE_DESCRIPTOR
  75, // CANNOT_WRITE_TO_FILE_DESCRIPTOR
  81, // UNKNOWN_DATABASE
  107, // FILE_DOESNT_EXIST
  159, // TIMEOUT_EXCEEDED
  241, // MEMORY_LIMIT_EXCEEDED
  243, // NOT_ENOUGH_SPACE
  252, // TOO_MANY_PARTS
]);

class IngestRun {
  private readonly target: IngestTarget;
  private readonly fields: readonly Field[];
  private readonly direct: ReturnType<typeof directInsert>;

  constructor(target: IngestTarget) {
    this.target = target;
    this.fields = fieldsOf(target.columns);
    this.direct = directInsert(target.table, this.fields);
  }

  /** Writes one segment. @returns how many of its rows went to the quarantine */
  async write(segment: Segment): Promise<number> {
    if (await this.wroteDirectly(segment)) return 0;
    const rows = await this.checked(readLines(linesOf(segment), this.fields));
    const refused = await this.insert(rows.filter((row) => row.misfits.length === 0));
    return this.quarantine([...rows.filter((row) => row.misfits.length > 0), ...refused]);
  }

  private async wroteDirectly({ bytes, isPlain }: Segment): Promise<boolean> {
    if (this.direct === null || !isPlain) return false;
    return (await this.refusal(bytes, this.direct)) === null;
  }

  /** The rows, with the values that do not fit their types as misfits: ClickHouse tells which. */
  private async checked(rows: readonly SiftedRow[]): Promise<readonly SiftedRow[]> {
    return this.withFile(siftedFile(rows), async (path) => {
      const result = await this.target.engine.query(misfitQuery(path, this.fields));
      const found = new Map(
        rowsOf<{ row_number: number; fields: number[] }>(result).map((row) => [row.row_number, row.fields]),
      );
      return rows.map((row, number) => this.withMisfits(row, found.get(number) ?? []));
    });
  }

  private withMisfits(row: SiftedRow, positions: readonly number[]): SiftedRow {
    const known = new Set(row.misfits.map(({ column }) => column));
    const found = positions.flatMap((position) => {
      const field = this.fields[position];
      return field === undefined || known.has(field.column.name) ? [] : [misfitOf(row, field, position)];
    });
    return found.length === 0 ? row : { ...row, misfits: [...row.misfits, ...found] };
  }

  /**
   * Writes rows that look right. Some types only the insert can judge: when it refuses, the rows are halved until
   * the ones to blame are alone.
   * @returns those, with ClickHouse's reason
   */
  private async insert(rows: readonly SiftedRow[]): Promise<SiftedRow[]> {
    if (rows.length === 0) return [];
    const statement = (path: string, token: string) =>
      siftedInsert(this.target.table, this.fields, path, token);
    const refusal = await this.refusal(siftedFile(rows), statement);
    if (refusal === null) return [];
    const [first] = rows;
    if (rows.length === 1 && first !== undefined) {
      return [{ ...first, misfits: [{ column: null, reason: refusal.message }] }];
    }
    const middle = Math.ceil(rows.length / 2);
    return [...(await this.insert(rows.slice(0, middle))), ...(await this.insert(rows.slice(middle)))];
  }

  private async quarantine(rows: readonly SiftedRow[]): Promise<number> {
    if (rows.length === 0) return 0;
    const token = randomUUID();
    await this.withFile(quarantineFile(rows, this.fields, token), (path) =>
      this.target.engine.command(quarantineInsert(this.target.quarantine, this.fields, path, token)),
    );
    return rows.length;
  }

  /** ClickHouse's word against the rows; null when it wrote them. What is no row's fault goes on up. */
  private async refusal(data: Buffer | string, statement: InsertStatement): Promise<EngineError | null> {
    try {
      await this.withFile(data, (path) => this.target.engine.command(statement(path, randomUUID())));
      return null;
    } catch (error) {
      if (error instanceof EngineError && !SERVER_CODES.has(error.clickhouseCode)) return error;
      throw error;
    }
  }

  private async withFile<Result>(
    data: Buffer | string,
    work: (path: string) => Promise<Result>,
  ): Promise<Result> {
    const path = join(this.target.folder, `${randomUUID()}.ndjson`);
    await writeFile(path, data);
    try {
      return await work(path);
    } finally {
      await rm(path, { force: true });
    }
  }
}

type InsertStatement = (path: string, token: string) => string;
