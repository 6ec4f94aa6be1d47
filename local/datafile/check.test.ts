import { describe, expect, it } from "vitest";
import { checkDatasource, parseDatafile } from "./index.ts";

function problems(...columns: string[]): unknown {
  const content = `SCHEMA >\n\n# columns\n  ${columns.join(",\n  ")}\n`;
  const result = parseDatafile({ path: "a.datasource", content });
  if (!result.ok || result.datafile.kind !== "datasource") throw new Error(JSON.stringify(result));
  return checkDatasource(result.datafile).map(({ line, message }) => [line, message]);
}

describe("checkDatasource", () => {
  it("finds nothing in a schema that can be built", () => {
    expect(problems("a Array(String) `json:$.a[:]`", "b String `json:$`", "c Int8")).toEqual([]);
  });

  it("reports every problem with the line of its column in the file", () => {
    expect(
      problems("a String `json:$..a`", "b Int8", "b Int16", "c Nullable(String) `json:$.c[:].d`", "b Int32"),
    ).toEqual([
      [4, "Column 'a': Invalid JSON path '$..a': recursive descent (..) is not supported"],
      [6, "Column 'b' is already on line 5"],
      [7, "Column 'c': the JSON path '$.c[:].d' gives an array, the type must be Array(...), not String"],
      [8, "Column 'b' is already on line 5"],
    ]);
  });
});
