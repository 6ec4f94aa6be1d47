import fc from "fast-check";
import { expect, it } from "vitest";
import { checkDatasource, engineSql, parseDatafile } from "./index.ts";

const RUNS = Number(process.env.FUZZ_RUNS ?? 2_000);

const LINES =
  `SCHEMA >|    \`id\` UInt64 \`json:$.id\`,|    ts DateTime DEFAULT now()|    n Nullable(Array(String)) CODEC(ZSTD)
    a AggregateFunction(sum, Int64)|    t Tuple(a Int8, b Array(Nullable(String))) \`json:$.t[:].a\`|ENGINE "MergeTree"|ENGINE
ENGINE_SORTING_KEY id|ENGINE_SORTING_KEY (|ENGINE_VER ts|ENGINE ReplacingMergeTree|ENGINE_PARTITION_KEY toYYYYMM(ts)
INDEXES >|    INDEX i id TYPE minmax GRANULARITY 4|    i id TYPE|NODE a|NODE|SQL >|    SELECT 1|    %|    {% if x %}|    {{x}}
TYPE endpoint|TYPE materialized|DATASOURCE x|TYPE copy|TARGET_DATASOURCE x|COPY_SCHEDULE @daily|COPY_SCHEDULE * *
DESCRIPTION >|DESCRIPTION it's|TOKEN a READ|TOKEN "a b" APPEND|TOKEN a|TAGS a,b=c|SHARED_WITH >|FORWARD_QUERY >
KAFKA_TOPIC a#b|IMPORT_SCHEDULE @auto|{{ tb_secret("a") }}|{{ tb_secret('b', 'c') }}|{{|TYPE kafka|KAFKA_KEY x||# comment
-- comment|"open|\ufeff|\t|    |> |NONSENSE x|ENGINE_TTL|ENGINE_TTL ts + INTERVAL 1 DAY|S3_REGION eu`.split(
    /[|\n]/,
  );

const contents = fc.oneof(
  fc
    .tuple(fc.array(fc.constantFrom(...LINES), { maxLength: 16 }), fc.constantFrom("\n", "\r\n", "\r"))
    .map(([lines, end]) => lines.join(end)),
  fc.string({ unit: "binary" }),
  fc.array(fc.string({ maxLength: 8 })).map((words) => `SCHEMA >\n  ${words.join(" ")}`),
);

const secrets = new Map([["a", "hunter2-hunter2"]]);

it("any text is a datafile or has one problem with a place in it, and never shows a secret", () => {
  fc.assert(
    fc.property(contents, fc.constantFrom("datasource", "pipe", "connection"), (content, kind) => {
      const path = `x.${kind}`;
      const result = parseDatafile({ path, content }, { secrets });
      if (result.ok) {
        expect(result.datafile).toMatchObject({ kind, name: "x", content });
        if (result.datafile.kind !== "datasource") return;
        engineSql(result.datafile);
        expect(Array.isArray(checkDatasource(result.datafile))).toBe(true);
        return;
      }
      const { problem } = result;
      expect(problem.path).toBe(path);
      expect(problem.message).not.toBe("");
      expect(`${problem.message} ${problem.hint}`).not.toContain("hunter2");
      // One line further for what is missing at the end.
      const lines = content.split(/\r\n|\r|\n/).length + 1;
      // Tinybird's own line for SQL without a node is beyond the file, and ours is the same.
      if (problem.line !== null && !problem.message.startsWith("SQL must be called"))
        expect(problem.line >= 1 && problem.line <= lines).toBe(true);
    }),
    { numRuns: RUNS },
  );
});
