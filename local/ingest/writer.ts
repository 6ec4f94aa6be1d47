import { rm, writeFile } from "node:fs/promises";
import type { Column } from "../datafile/index.ts";
import { type Engine, EngineError, rowsOf } from "../engine/engine.ts";
import type { Field } from "./field.ts";
import type { Segment } from "./lines.ts";
import { quarantineFile, quarantineInsert } from "./quarantine.ts";
import { misfitOf, misfitQuery, type SiftedRow, siftedFile, siftedInsert } from "./sift.ts";

/** Where rows go. */
export interface IngestTarget {
  readonly engine: Engine;
  readonly columns: readonly Column[];
  /** `database`.`table`, as SQL. */
  readonly table: string;
  readonly quarantine: string;
}

/** A file with rows, small enough for one insert that is all or nothing. */
export interface SegmentFile {
  /**
   * Names the segment for ever: ClickHouse drops an insert whose token it knows, so a segment may be written again
   * after a crash.
   */
  readonly id: string;
  readonly path: string;
  /** Statement that writes the file as it is, or null when it must be read row by row. */
  readonly direct: ((path: string, token: string) => string) | null;
  /** The rows one by one, for what the statement refuses. */
  sift(): Promise<readonly SiftedRow[]>;
}

/** Reads the rows of one kind of file. */
export interface RowReader {
  /** What the rows bring, in order. */
  readonly fields: readonly Field[];
  /** Cuts a body into segments of whole rows. */
  segments(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncIterable<Segment>;
  file(id: string, path: string, segment: Segment): SegmentFile;
}

/** ClickHouse's numbers for what is wrong with the server and not with a row. */
const SERVER_CODES: ReadonlySet<number | null> = new Set([
  60, // UNKNOWN_TABLE: dropped by a build meanwhile
  74, // CANNOT_READ_FROM_FILE_DESCRIPTOR
  75, // CANNOT_WRITE_TO_FILE_DESCRIPTOR
  76, // CANNOT_OPEN_FILE
  81, // UNKNOWN_DATABASE
  107, // FILE_DOESNT_EXIST
  159, // TIMEOUT_EXCEEDED
  236, // ABORTED
  241, // MEMORY_LIMIT_EXCEEDED
  242, // TABLE_IS_READ_ONLY
  243, // NOT_ENOUGH_SPACE
  252, // TOO_MANY_PARTS
  394, // QUERY_WAS_CANCELLED
]);

/** Writes segments to one table, and their rows that do not fit to its quarantine. */
export class SegmentWriter {
  private readonly target: IngestTarget;
  private readonly fields: readonly Field[];

  /** @param fields what the rows bring; columns that are none are left to their defaults */
  constructor(target: IngestTarget, fields: readonly Field[]) {
    this.target = target;
    this.fields = fields;
  }

  /**
   * Writes a segment. It may be called again for the same one, when nobody knows whether the last call succeeded.
   * @returns the positions of the rows that went to the quarantine
   * @throws EngineError when ClickHouse cannot write at all
   */
  async write(segment: SegmentFile): Promise<readonly number[]> {
    if (segment.direct !== null && (await this.refusal(segment.direct(segment.path, segment.id))) === null) {
      return [];
    }
    const rows = await this.checked(segment, await segment.sift());
    const refused = await this.insert(
      segment,
      rows.filter((row) => row.misfits.length === 0),
    );
    const misfits = [...rows.filter((row) => row.misfits.length > 0), ...refused];
    await this.quarantine(segment, misfits);
    return misfits.map((row) => row.position);
  }

  /** The rows, with the values that do not fit their types as misfits: ClickHouse tells which. */
  private async checked(segment: SegmentFile, rows: readonly SiftedRow[]): Promise<readonly SiftedRow[]> {
    return withFile(`${segment.path}.sifted`, siftedFile(rows), async (path) => {
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
   * the ones to blame are alone. Each part has a token of its own that a second try makes again.
   * @returns those, with ClickHouse's reason
   */
  private async insert(segment: SegmentFile, rows: readonly SiftedRow[]): Promise<SiftedRow[]> {
    const [first] = rows;
    if (first === undefined) return [];
    const token = `${segment.id}:${first.position}+${rows.length}`;
    const refusal = await withFile(`${segment.path}.good`, siftedFile(rows), (path) =>
      this.refusal(siftedInsert(this.target.table, this.fields, path, token)),
    );
    if (refusal === null) return [];
    if (rows.length === 1) return [{ ...first, misfits: [{ column: null, reason: refusal.message }] }];
    const middle = Math.ceil(rows.length / 2);
    return [
      ...(await this.insert(segment, rows.slice(0, middle))),
      ...(await this.insert(segment, rows.slice(middle))),
    ];
  }

  private async quarantine(segment: SegmentFile, rows: readonly SiftedRow[]): Promise<void> {
    if (rows.length === 0) return;
    const file = quarantineFile(rows, this.fields, segment.id);
    await withFile(`${segment.path}.quarantine`, file, (path) =>
      this.target.engine.command(
        quarantineInsert(this.target.quarantine, this.fields, path, `${segment.id}:quarantine`),
      ),
    );
  }

  /** ClickHouse's word against the rows; null when it wrote them. What is no row's fault goes on up. */
  private async refusal(statement: string): Promise<EngineError | null> {
    try {
      await this.target.engine.command(statement);
      return null;
    } catch (error) {
      if (error instanceof EngineError && !SERVER_CODES.has(error.clickhouseCode)) return error;
      throw error;
    }
  }
}

async function withFile<Result>(
  path: string,
  data: string,
  work: (path: string) => Promise<Result>,
): Promise<Result> {
  await writeFile(path, data);
  try {
    return await work(path);
  } finally {
    await rm(path, { force: true });
  }
}
