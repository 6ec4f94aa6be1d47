import { describe, expect, it } from "vitest";
import { referenceName } from "./reading.ts";
import { readTableFunctions, readTables, replaceTables } from "./tables.ts";

const tables = (sql: string) => readTables(sql).map(referenceName);

describe("the tables that a statement reads", () => {
  it.each([
    ["SELECT 1", []],
    ["SELECT * FROM posts", ["posts"]],
    ["FROM posts SELECT id", ["posts"]],
    ['SELECT * FROM `posts`, "reels"', ["posts", "reels"]],
    ["SELECT * FROM posts AS p, reels r", ["posts", "reels"]],
    ["SELECT * FROM posts FINAL SAMPLE 0.1 WHERE 1", ["posts"]],
    ["SELECT * FROM other.posts", ["other.posts"]],
    [
      "SELECT * FROM a JOIN b ON a.id = b.id LEFT JOIN c USING id GLOBAL ANY LEFT JOIN d USING (id)",
      ["a", "b", "c", "d"],
    ],
    ["SELECT * FROM a ASOF JOIN b ON a.id = b.id AND a.t >= b.t CROSS JOIN c", ["a", "b", "c"]],
    ["SELECT * FROM (a JOIN b USING id) JOIN c USING id", ["a", "b", "c"]],
    ["SELECT * FROM posts ARRAY JOIN tags AS tag", ["posts"]],
    ["SELECT * FROM (SELECT * FROM posts) AS p", ["posts"]],
    ["SELECT * FROM (SELECT id FROM a UNION ALL SELECT id FROM (SELECT * FROM b))", ["a", "b"]],
    ["SELECT id FROM a EXCEPT SELECT id FROM b INTERSECT SELECT id FROM c", ["a", "b", "c"]],
    ["SELECT (SELECT max(ts) FROM posts) FROM reels", ["posts", "reels"]],
    ["SELECT if(EXISTS(SELECT 1 FROM a), (SELECT 1 FROM b), 2)", ["a", "b"]],
    ["SELECT id FROM a WHERE id > (SELECT avg(id) FROM b) ORDER BY (SELECT 1 FROM c)", ["a", "b", "c"]],
    ["SELECT CASE WHEN 1 IN (SELECT id FROM a) THEN 1 END FROM b", ["a", "b"]],
    ["SELECT * FROM numbers(10), posts", ["posts"]],
    ["SELECT * FROM view(SELECT * FROM posts)", ["posts"]],
    ["SELECT sum(x) OVER (PARTITION BY y ORDER BY z) FROM posts WINDOW w AS (ORDER BY a)", ["posts"]],
    ["DESCRIBE TABLE posts", ["posts"]],
  ])("%s", (sql, expected) => {
    expect(tables(sql)).toEqual(expected);
  });
});

describe("common table expressions", () => {
  it.each([
    ["WITH a AS (SELECT * FROM posts) SELECT * FROM a", ["posts"]],
    ["WITH a AS (SELECT * FROM posts), b AS (SELECT * FROM a) SELECT * FROM a, b, c", ["posts", "c"]],
    ["WITH posts AS (SELECT * FROM posts) SELECT * FROM posts", ["posts"]],
    ["WITH (SELECT max(ts) FROM posts) AS last SELECT last FROM reels", ["posts", "reels"]],
    ["WITH 1 AS a SELECT a FROM posts", ["posts"]],
    ["WITH a AS (SELECT 1) SELECT * FROM (SELECT * FROM a)", []],
    ["SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a) JOIN a USING x", ["a"]],
    ["WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT * FROM t", []],
    ["WITH a AS (SELECT id FROM posts) SELECT id FROM reels WHERE id IN a", ["posts", "reels"]],
  ])("are none: %s", (sql, expected) => {
    expect(tables(sql)).toEqual(expected);
  });
});

describe("behind IN", () => {
  it.each([
    ["SELECT * FROM posts WHERE id IN vip", ["posts", "vip"]],
    ["SELECT * FROM posts WHERE id NOT IN (vip)", ["posts", "vip"]],
    ["SELECT * FROM posts WHERE id GLOBAL IN other.vip", ["posts", "other.vip"]],
    ["SELECT * FROM posts WHERE in(id, vip)", ["posts", "vip"]],
    ["SELECT * FROM posts WHERE (id, net) IN (SELECT id, net FROM vip)", ["posts", "vip"]],
    ["SELECT * FROM posts WHERE id IN (1, 2) AND net IN ('vip')", ["posts"]],
    ["SELECT * FROM posts WHERE 'a' IN tuple('a', 'b')", ["posts"]],
    ["SELECT * FROM posts AS p WHERE 'a' IN p.tags", ["posts"]],
    ["SELECT 1 AS vip, id IN vip FROM posts", ["posts"]],
    ["SELECT arrayExists(tag -> 'a' IN tag, [tags]) FROM posts", ["posts"]],
    ["SELECT position('a' IN text) FROM posts", ["posts"]],
  ])("a bare name may be one: %s", (sql, expected) => {
    expect(tables(sql)).toEqual(expected);
  });
});

describe("joinGet", () => {
  it.each([
    ["SELECT joinGet(names, 'name', id) FROM posts", ["names", "posts"]],
    ["SELECT joinGet('names', 'name', id) FROM posts", ["names", "posts"]],
    ["SELECT joinGetOrNull('other.names', 'name', id) FROM posts", ["other.names", "posts"]],
  ])("%s", (sql, expected) => {
    expect(tables(sql)).toEqual(expected);
  });
});

describe("what only looks like a table", () => {
  it.each([
    "SELECT 'FROM posts' FROM a",
    'SELECT "FROM posts" FROM a',
    "SELECT 1 -- FROM posts\nFROM a",
    "SELECT 1 // FROM posts\nFROM a",
    "SELECT 1 # FROM posts\nFROM a",
    "SELECT 1 /* FROM posts /* FROM posts */ */ FROM a",
    "SELECT $$ FROM posts $$ FROM a",
    "SELECT $q$ FROM posts $$ $q$ FROM a",
    "SELECT \u2018FROM posts\u2019 FROM a",
    "SELECT 'it''s FROM posts' FROM a",
    "SELECT 'it\\'s FROM posts' FROM a",
    "SELECT EXTRACT(YEAR FROM ts) FROM a",
    "SELECT substring(text FROM 1 FOR 2), trim(BOTH ' ' FROM posts) FROM a",
    "SELECT a IS NOT DISTINCT FROM posts FROM a",
    "SELECT * FROM a ORDER BY ts WITH FILL FROM 1 TO 9",
    "SELECT posts.id, posts FROM a AS posts",
    "SELECT from FROM a",
    "SELECT a AS from FROM a",
    "SELECT count() AS posts FROM a",
    "SELECT * EXCEPT (posts) FROM a",
    "SELECT * REPLACE (1 AS posts) FROM a",
    "SELECT CAST(x AS posts) FROM a",
    "SELECT INTERVAL 1 DAY + ts FROM a",
  ])("%s", (sql) => {
    expect(tables(sql)).toEqual(["a"]);
  });
});

describe("replacing tables", () => {
  const replaced = (sql: string) => replaceTables(sql, ({ table }) => `w.t_${table}`);

  it.each([
    ["SELECT posts.id FROM posts", "SELECT posts.id FROM w.t_posts AS `posts`"],
    ["SELECT p.id FROM posts AS p", "SELECT p.id FROM w.t_posts AS p"],
    ["SELECT id FROM posts p WHERE id IN vip", "SELECT id FROM w.t_posts p WHERE id IN w.t_vip"],
    ["SELECT * FROM `a b` -- posts", "SELECT * FROM w.t_a b AS `a b` -- posts"],
    ["SELECT joinGet('names', 'n', 1)", "SELECT joinGet(w.t_names, 'n', 1)"],
    ["WITH a AS (SELECT 1) SELECT * FROM a", "WITH a AS (SELECT 1) SELECT * FROM a"],
  ])("%s", (sql, expected) => {
    expect(replaced(sql)).toBe(expected);
  });

  it("leaves the names for which there is nothing to write", () => {
    expect(replaceTables("SELECT 1 FROM a, b", ({ table }) => (table === "a" ? "x" : null))).toBe(
      "SELECT 1 FROM x AS `a`, b",
    );
  });
});

it("tells the table functions by name and place", () => {
  const sql = "SELECT sum(1) FROM numbers(3), (SELECT * FROM url('x'))";
  expect(readTableFunctions(sql).map(({ name, start, end }) => [name, sql.slice(start, end)])).toEqual([
    ["numbers", "numbers(3)"],
    ["url", "url('x')"],
  ]);
});

it.each([
  ["SELECT 'a", "a string is opened by ' and not closed, at line 1, column 8"],
  ["SELECT\n /* a", "a comment is opened by /* and not closed, at line 2, column 2"],
  ["SELECT (1", "( is not closed, at line 1, column 8"],
  ["SELECT 1]", "] closes nothing, at line 1, column 9"],
  ["SELECT (1]", "] does not close (, at line 1, column 10"],
])("says where %j breaks off", (sql, reason) => {
  expect(() => readTables(sql)).toThrow(reason);
});
