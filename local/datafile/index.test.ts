import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TinybirdError } from "../errors.ts";
import {
  checkDatasource,
  columnSql,
  engineSql,
  type ParseResult,
  parseDatafile,
  parseDataType,
} from "./index.ts";

const KINDS = ["datasource", "pipe", "connection"] as const;

/** Everything the room does with a text. */
function parseAll(kind: string, content: string): ParseResult {
  const result = parseDatafile({ path: `a.${kind}`, content }, { secrets: new Map([["A", "b\nc"]]) });
  if (result.ok && result.datafile.kind === "datasource") {
    checkDatasource(result.datafile);
    engineSql(result.datafile);
    result.datafile.columns.map(columnSql);
  }
  return result;
}

const pieces = fc.constantFrom(
  ..."SCHEMA,INDEXES,ENGINE,ENGINE_SORTING_KEY,TOKEN,NODE,SQL,TYPE,DESCRIPTION,copy,sink,EXPORT_FORMAT,TAGS".split(
    ",",
  ),
  ..."String,Nullable(,Array(,DateTime64,`a`,`json:$.a`,`json:,DEFAULT,CODEC,CODEC(,TTL,INDEX,TYPE,tuple()".split(
    ",",
  ),
  ...[
    " > ",
    ">\n",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "\n  ",
    " ",
    "\t",
    ",",
    "(",
    ")",
    "'",
    '"',
    "`",
    "#",
    "--",
    "%",
    "\\",
  ],
  ...['{{ tb_secret("A") }}', "{{", "}}", "{%", "\u00a0", "\u2028", "\uFEFF", "é", "a", "1"],
);
const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join("")),
  fc.array(pieces, { maxLength: 60 }).map((parts) => `SCHEMA >\n  a String,\n ${parts.join("")}`),
  fc.array(pieces, { maxLength: 60 }).map((parts) => `NODE a\nSQL >\n  SELECT 1\n${parts.join("")}`),
);

describe("parseDatafile", () => {
  it("gives a value or a problem for any text", () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), hostile, (kind, content) => {
        const result = parseAll(kind, content);
        if (!result.ok) expect(result.problem.message).not.toBe("");
      }),
      { numRuns: 2_000 },
    );
  });

  it("gives the same value whatever ends the lines", () => {
    const withoutContent = (result: ParseResult): unknown =>
      result.ok ? { ...result, datafile: { ...result.datafile, content: "" } } : result;
    const texts = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join("").replace(/\r\n?/g, "\n"));
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), texts, fc.constantFrom("\r\n", "\r"), (kind, text, end) => {
        const content = kind === "pipe" ? text : `SCHEMA >\n  a String\n${text}`;
        expect(withoutContent(parseAll(kind, content.replaceAll("\n", end)))).toEqual(
          withoutContent(parseAll(kind, content)),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    "(",
    "Array(",
    "a b,\n",
    "`json:$.a` ",
    "'",
    " ",
    "\t\n",
    "--",
    "a ",
    "NOT ",
    '{{ tb_secret("A") }}',
    "If",
    "TYPE ",
  ])("reads 300 KB of %j without hanging", (piece) => {
    const text = piece.repeat(Math.ceil(300_000 / piece.length));
    const started = performance.now();
    for (const kind of KINDS) parseAll(kind, text);
    parseAll("datasource", `SCHEMA >\n  a ${text}`);
    parseAll("datasource", `SCHEMA >\n  a Int8\nENGINE_SORTING_KEY >\n  ${text}`);
    parseAll("datasource", `SCHEMA >\n  a Int8\nINDEXES >\n  a ${text} TYPE x`);
    parseAll("pipe", `NODE a\nSQL >\n  ${text}`);
    // Linear time is well under a second; a quadratic pass takes minutes.
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it("names a resource by the base name of its path", () => {
    const content = "NODE a\nSQL >\n  SELECT 1\n";
    const name = (path: string) => {
      const result = parseDatafile({ path, content });
      return result.ok ? result.datafile.name : result.problem.message;
    };
    expect(name("endpoints/top.v2.pipe")).toBe("top.v2");
    expect(name("endpoints\\top.pipe")).toBe("top");
    expect(name("endpoints/.pipe")).toBe("The file needs a name before its extension: it names the resource");
    expect(name("endpoints/top.sql")).toBe("Expected a .datasource, .pipe or .connection file");
  });

  it("gives a problem the path it was given", () => {
    const result = parseDatafile({ path: "x/y.pipe", content: "" });
    expect(result).toMatchObject({ ok: false, problem: { path: "x/y.pipe" } });
  });

  it("refuses a byte order mark by name", () => {
    const result = parseDatafile({ path: "a.pipe", content: "\uFEFFNODE a\n" });
    expect(result).toMatchObject({
      ok: false,
      problem: { line: 1, message: expect.stringContaining("byte order mark") },
    });
  });
});

describe("parseDataType", () => {
  it("reads a type", () => {
    expect(parseDataType("Array(INT)")).toEqual({
      family: "Array",
      arguments: [{ kind: "type", type: { family: "Int32", arguments: [] } }],
    });
  });

  it("throws for a text that is none", () => {
    expect(() => parseDataType("Array(")).toThrow(TinybirdError);
    expect(() => parseDataType("Array(")).toThrow(
      "Error parsing type 'Array(': expected a type, got the end",
    );
  });
});
