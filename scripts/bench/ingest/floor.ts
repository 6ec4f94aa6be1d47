import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Session } from "chdb";
import { timed } from "../bench.ts";

const COLUMNS = `interaction_id String, user_id String, interaction_type String, content_id String, platform String,
timestamp DateTime('UTC'), text_content String, engagement_count Int32, tags Array(String)`;

/** The plain insert: the bytes as they are into a table like the project's, with nothing checked and nothing kept. */
export class PlainInsert {
  private readonly folder = mkdtempSync(join(tmpdir(), "bench-floor-"));
  private readonly session = new Session(join(this.folder, "clickhouse"));

  constructor() {
    this.session.query(
      `CREATE TABLE floor (${COLUMNS}) ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (platform, interaction_type, timestamp)`,
    );
  }

  /** Milliseconds of one insert. */
  insert(data: string | Buffer, format: "JSONEachRow" | "CSV" = "JSONEachRow"): Promise<number> {
    const statement = `INSERT INTO floor FORMAT ${format}\n`;
    return timed(() => this.session.queryAsync(statement + data.toString("utf8"), { format: "CSV" }));
  }

  insertFile(path: string, format: "JSONEachRow" | "CSV"): Promise<number> {
    return this.insert(readFileSync(path), format);
  }

  close(): void {
    this.session.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
