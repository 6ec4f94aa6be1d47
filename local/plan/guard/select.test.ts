import { describe, expect, it } from "vitest";
import { TinybirdError } from "../../errors.ts";
import { checkSelect } from "./select.ts";

const refusal = (sql: string): string | null => {
  try {
    checkSelect(sql);
    return null;
  } catch (error) {
    if (error instanceof TinybirdError) return error.code;
    throw error;
  }
};

describe("a SELECT over named tables", () => {
  it.each([
    "SELECT 1",
    "select id from posts",
    "FROM posts SELECT id",
    "(SELECT 1)",
    "WITH recent AS (SELECT * FROM posts) SELECT id FROM recent",
    "SELECT id FROM posts UNION ALL SELECT id FROM reels",
    "SELECT number FROM numbers(10)",
    "SELECT * FROM values('id UInt8', 1)",
    "SELECT * FROM view(SELECT id FROM posts)",
    "SELECT arrayMap(x -> x + 1, sizes) FROM posts",
    "SELECT arrayMap(upper, tags) FROM posts",
    "SELECT * APPLY(toString) FROM posts",
    "SELECT * APPLY toString FROM posts",
    "SELECT user, file, database, hostname FROM posts",
    "SELECT lower(file), uniq(user) FROM posts",
    "SELECT explain FROM posts WHERE (explain = 'x') AND (explain IN ('y'))",
    "SELECT settings, format FROM posts",
    "SELECT 'SETTINGS max_threads = 1', 'url(1)' -- INTO OUTFILE",
    "SELECT joinGet(lookup, 'name', id), joinGet('lookup', 'name', id) FROM posts",
    "SELECT dictionary FROM posts",
  ])("passes: %s", (sql) => {
    expect(checkSelect(sql).sql).toBe(sql.replace(" -- INTO OUTFILE", ""));
  });

  it.each([
    ["SELECT 1 FORMAT CSV", "SELECT 1", "CSV"],
    ["SELECT 1 format jsoneachrow;", "SELECT 1", "JSONEachRow"],
    ["SELECT 1; -- done", "SELECT 1", null],
    ["SELECT 1\n-- last\nFORMAT JSON", "SELECT 1", "JSON"],
  ])("is taken apart from its format: %s", (text, sql, format) => {
    expect(checkSelect(text)).toEqual({ sql, format });
  });
});

describe("what is no single SELECT", () => {
  it.each([
    "",
    "   -- nothing",
    "EXPLAIN SELECT 1",
    "EXPLAIN AST SELECT 1",
    "SHOW TABLES",
    "SHOW CREATE TABLE posts",
    "DESCRIBE TABLE posts",
    "DESC posts",
    "EXISTS TABLE posts",
    "KILL QUERY WHERE 1",
    "SET max_threads = 8",
    "USE system",
    "CREATE TABLE t (id UInt8) ENGINE = Memory",
    "CREATE FUNCTION f AS x -> file(x)",
    "INSERT INTO posts SELECT 1",
    "ALTER TABLE posts DELETE WHERE 1",
    "DROP TABLE posts",
    "TRUNCATE TABLE posts",
    "OPTIMIZE TABLE posts FINAL",
    "SYSTEM FLUSH LOGS",
    "GRANT ALL ON *.* TO default",
    "ATTACH TABLE posts",
    "BACKUP TABLE posts TO File('x')",
    "TABLE posts",
    "SELECT 1; SELECT 2",
    "SELECT 1;;SET max_threads = 8",
    "/* SELECT */ SHOW TABLES",
    "(EXPLAIN SELECT 1)",
  ])("is refused: %s", (sql) => {
    expect(refusal(sql)).toMatch(/^(?:NOT_A_SELECT|FORBIDDEN_CLAUSE)$/);
  });
});

describe("a clause that lifts limits, writes or explains", () => {
  it.each([
    "SELECT 1 SETTINGS max_threads = 8",
    "SELECT 1 settings max_threads = 8",
    "SELECT 1 AS SETTINGS SETTINGS max_threads = 8",
    "SELECT * FROM (SELECT 1 SETTINGS max_threads = 8)",
    "SELECT (SELECT 1 SETTINGS max_threads = 8)",
    "SELECT 1 IN (SELECT 1 SETTINGS max_threads = 8)",
    "WITH a AS (SELECT 1 SETTINGS max_threads = 8) SELECT * FROM a",
    "SELECT * FROM view(SELECT 1 SETTINGS max_threads = 8)",
    "SELECT 1 UNION ALL (SELECT 2 SETTINGS max_threads = 8)",
    "SELECT 1 UNION ALL SELECT 2 SETTINGS max_threads = 8",
    "SELECT id FROM posts FINAL SETTINGS max_threads = 8",
    "SELECT id FROM posts ORDER BY id ASC SETTINGS max_threads = 8",
    "SELECT id FROM posts LIMIT 1 WITH TIES SETTINGS max_threads = 8",
    "SELECT id FROM posts WHERE id = 1 SETTINGS/**/max_threads=8",
    "SELECT 1 FORMAT JSON SETTINGS max_threads = 8",
    "SELECT 1 SETTINGS max_threads = 8 FORMAT JSON",
    "SELECT 1 INTO OUTFILE '/tmp/rows.csv'",
    "SELECT 1 INTO OUTFILE '/tmp/rows.csv' FORMAT CSV",
    "SELECT 1 PARALLEL WITH SELECT 2",
    "SELECT * FROM (EXPLAIN SELECT 1)",
    "SELECT * FROM (EXPLAIN PLAN indexes = 1 SELECT 1)",
    "SELECT (EXPLAIN AST SELECT 1)",
  ])("is refused: %s", (sql) => {
    expect(refusal(sql)).toBe("FORBIDDEN_CLAUSE");
  });
});

describe("a function that reads from outside", () => {
  it.each([
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "SELECT * FROM FILE('/etc/passwd')",
    "SELECT * FROM `file`('/etc/passwd')",
    "SELECT * FROM \"file\"('/etc/passwd')",
    "SELECT * FROM \u201cfile\u201d('/etc/passwd')",
    "SELECT * FROM `fil\\x65`('/etc/passwd')",
    "SELECT * FROM file/**/('/etc/passwd')",
    "SELECT * FROM file -- x\n('/etc/passwd')",
    "SELECT * FROM posts, file('/etc/passwd')",
    "SELECT * FROM posts JOIN file('/etc/passwd') AS f ON 1",
    "SELECT * FROM posts WHERE id IN (SELECT * FROM file('/etc/passwd'))",
    "SELECT (SELECT line FROM file('/etc/passwd', 'LineAsString') LIMIT 1)",
    "WITH a AS (SELECT * FROM file('/etc/passwd')) SELECT * FROM a",
    "SELECT * FROM view(SELECT * FROM file('/etc/passwd'))",
    "SELECT 1 UNION ALL SELECT * FROM file('/etc/passwd')",
    "SELECT file('/etc/passwd')",
    "SELECT `fil\\x65`('/etc/passwd')",
    "SELECT arrayMap(x -> file(x), ['/etc/passwd'])",
    "SELECT arrayMap(file, ['/etc/passwd'])",
    "SELECT arrayMap((file), ['/etc/passwd'])",
    "SELECT arrayMap(file AS f, ['/etc/passwd'])",
    "SELECT arrayMap(`fil\\x65`, ['/etc/passwd'])",
    "SELECT arrayMap(lambda(tuple(x), file(x)), ['/etc/passwd'])",
    "SELECT * APPLY file FROM (SELECT '/etc/passwd' AS path)",
    "SELECT * APPLY(file) FROM (SELECT '/etc/passwd' AS path)",
    "SELECT * APPLY(x -> file(x)) FROM (SELECT '/etc/passwd' AS path)",
    "SELECT COLUMNS('path') apply `file` FROM (SELECT '/etc/passwd' AS path)",
    "SELECT * REPLACE (file(path) AS path) FROM (SELECT '/etc/passwd' AS path)",
    "SELECT id FROM posts ORDER BY file('/etc/passwd')",
    "SELECT id FROM posts LIMIT length(file('/etc/passwd'))",
    "SELECT sum(id) OVER (ORDER BY file('/etc/passwd')) FROM posts",
    ...["url", "s3", "s3Cluster", "gcs", "hdfs", "azureBlobStorage", "remote", "remoteSecure", "cluster"].map(
      (name) => `SELECT * FROM ${name}('http://127.0.0.1/x')`,
    ),
    ...["clusterAllReplicas", "merge", "dictionary", "mysql", "postgresql", "sqlite", "mongodb", "redis"].map(
      (name) => `SELECT * FROM ${name}('a', 'b')`,
    ),
    ...[
      "executable",
      "input",
      "loop",
      "eval",
      "jdbc",
      "odbc",
      "deltaLake",
      "iceberg",
      "hudi",
      "icebergLocal",
    ].map((name) => `SELECT * FROM ${name}('a')`),
    "SELECT * FROM viewExplain('EXPLAIN', '', (SELECT 1))",
    "SELECT * FROM mergeTreeIndex('w', 't')",
    "SELECT * FROM someFunctionOfTheFuture('x')",
    "SELECT dictGet('d', 'a', 1)",
    "SELECT dictGetStringOrDefault('d', 'a', 1, '')",
    "SELECT hasColumnInTable('system', 'one', 'dummy')",
    "SELECT joinGet(concat('system', '.one'), 'dummy', 1)",
    "SELECT joinGetOrNull('system' || '.one', 'dummy', 1)",
    "SELECT catboostEvaluate('/etc/passwd', 1)",
    "SELECT aiGenerate('x')",
    "SELECT currentDatabase(), hostName()",
    "SELECT getSetting('max_threads')",
    "SELECT getServerSetting('max_server_memory_usage')",
    "SELECT sleep(3)",
    "SELECT sleepEachRow(1) FROM numbers(10)",
    "SELECT $x$ $x$, file($x$/etc/passwd$x$)",
  ])("is refused: %s", (sql) => {
    expect(refusal(sql)).toBe("FORBIDDEN_FUNCTION");
  });
});

describe("an output format", () => {
  it("is read behind an alias that looks like a keyword", () => {
    expect(refusal("SELECT with ties FORMAT MySQLWire")).toBe("UNKNOWN_OUTPUT_FORMAT");
  });

  it.each(["MySQLWire", "PostgreSQLWire", "ODBCDriver2", "Null", "Native", "Template", "`MySQLWire`"])(
    "that a client could not read is refused: %s",
    (format) => {
      expect(refusal(`SELECT 1 FORMAT ${format}`)).toBe("UNKNOWN_OUTPUT_FORMAT");
    },
  );
});

it("says which function is refused, and where", () => {
  expect(() => checkSelect("SELECT 1,\n  file('/x')")).toThrow(
    "[Error] The function file is not allowed: it reads from outside the workspace, at line 2, column 3",
  );
});
