import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Engine, rowsOf } from "../engine/engine.ts";
import { identifier, literal } from "../engine/literal.ts";

/** A column that a file seems to have. */
export interface GuessedColumn {
  readonly name: string;
  /** The JSON path of it; for CSV and Parquet the name alone. */
  readonly path: string;
  readonly recommended_type: string;
  /** Share of the sampled rows with a value. */
  readonly present_pct: number;
}

export interface Guess {
  readonly columns: readonly GuessedColumn[];
  /** As a SCHEMA block wants it. */
  readonly schema: string;
}

/** What a Parquet file begins with. */
const PARQUET_MARK = "PAR1";

const BRACE = 0x7b;

/** Guesses the schema of a file from its bytes. @throws EngineError when ClickHouse can make nothing of them */
export async function analyze(sample: Buffer, engine: Engine, folder: string): Promise<Guess> {
  const format = formatOf(sample);
  const path = join(folder, `${randomUUID()}.sample`);
  await writeFile(path, format === "Parquet" ? sample : wholeLines(sample));
  try {
    return await guess(`file(${literal(path)}, ${literal(format)})`, format, engine);
  } finally {
    await rm(path, { force: true });
  }
}

async function guess(source: string, format: string, engine: Engine): Promise<Guess> {
  const described = rowsOf<{ name: string; type: string }>(
    await engine.query(`DESCRIBE ${source} SETTINGS schema_inference_make_columns_nullable = 1`),
  );
  const counts = described.map(({ name }, i) => `countIf(isNotNull(${identifier(name)})) AS c${i}`);
  const [found = { n: 0 }] = rowsOf<Record<string, number>>(
    await engine.query(`SELECT count() AS n, ${counts.join(", ")} FROM ${source}`),
  );
  const columns = described.map(({ name, type }, i): GuessedColumn => {
    const present = found.n ? (found[`c${i}`] ?? 0) / found.n : 0;
    const path = format === "JSONEachRow" ? pathOf(name, type) : name;
    return { name, path, recommended_type: recommendedType(type, present), present_pct: present };
  });
  return { columns, schema: columns.map((column) => schemaLine(column, format)).join(", ") };
}

/** ClickHouse calls everything Nullable: only what is missing somewhere needs to be. */
function recommendedType(type: string, present: number): string {
  const array = /^Array\(Nullable\((.*)\)\)$/.exec(type)?.[1];
  if (array !== undefined) return `Array(${array})`;
  const bare = /^Nullable\((.*)\)$/.exec(type)?.[1] ?? type;
  const simple =
    bare.startsWith("Tuple") || bare.startsWith("Map")
      ? "String"
      : bare.replace(/^DateTime64\(9\)$/, "DateTime64(3)");
  return present < 1 ? `Nullable(${simple})` : simple;
}

function pathOf(name: string, type: string): string {
  return `$.${name}${type.startsWith("Array") ? "[:]" : ""}`;
}

function schemaLine({ name, path, recommended_type: type }: GuessedColumn, format: string): string {
  return format === "JSONEachRow" ? `\`${name}\` ${type} \`json:${path}\`` : `\`${name}\` ${type}`;
}

function formatOf(sample: Buffer): string {
  if (sample.toString("latin1", 0, PARQUET_MARK.length) === PARQUET_MARK) return "Parquet";
  const first = sample.find((byte) => byte > 0x20);
  return first === BRACE ? "JSONEachRow" : "CSVWithNames";
}

/** The sample may end within a line. */
function wholeLines(sample: Buffer): Buffer {
  const end = sample.lastIndexOf(0x0a) + 1;
  return end === 0 ? sample : sample.subarray(0, end);
}
