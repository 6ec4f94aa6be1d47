import { directInsert } from "./direct.ts";
import { type JsonField, jsonFieldsOf } from "./field.ts";
import { linesOf, type Segment, segments } from "./lines.ts";
import { readLines } from "./sift.ts";
import type { IngestTarget, RowReader, SegmentFile } from "./writer.ts";

/** Reads rows of a table from NDJSON. */
export class NdjsonReader implements RowReader {
  readonly fields: readonly JsonField[];
  private readonly direct: ReturnType<typeof directInsert>;

  /** @param fields default: the columns of the table with a JSON path */
  constructor(target: IngestTarget, fields: readonly JsonField[] = jsonFieldsOf(target.columns)) {
    this.fields = fields;
    this.direct = directInsert(target.table, fields);
  }

  segments(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Segment> {
    return segments(body);
  }

  file(
    id: string,
    path: string,
    segment: Pick<Segment, "isPlain"> & { readonly bytes: Buffer | (() => Promise<Buffer>) },
  ): SegmentFile {
    const { bytes } = segment;
    return {
      id,
      path,
      direct: segment.isPlain ? this.direct : null,
      sift: async () => readLines(linesOf(typeof bytes === "function" ? await bytes() : bytes), this.fields),
    };
  }
}
