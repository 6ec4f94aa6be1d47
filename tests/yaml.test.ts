import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ROOT, startTarget, type Target } from "./target.ts";

/** One case of a file for `tb test run`. */
interface YamlCase {
  readonly name: string;
  readonly parameters: string;
  readonly expected_result: string;
  readonly expected_http_status?: number;
}

const files = readdirSync(join(ROOT, "tests")).filter((name) => name.endsWith(".yaml"));

let target: Target;

beforeAll(async () => {
  target = await startTarget({ fixtures: true });
});

afterAll(async () => {
  await target.close();
});

describe.each(files)("%s", (file) => {
  const pipe = basename(file, ".yaml");
  const cases = parse(readFileSync(join(ROOT, "tests", file), "utf8")) as YamlCase[];

  it("has at least five cases, one of them with a 400", () => {
    expect(cases.length).toBeGreaterThanOrEqual(5);
    expect(cases.filter((each) => each.expected_http_status === 400).length).toBeGreaterThanOrEqual(1);
  });

  it.each(cases.map((each) => [each.name, each] as const))("%s", async (_, { parameters, ...expected }) => {
    const response = await target.get(`/v0/pipes/${pipe}.ndjson?${parameters}`);
    const text = await response.text();
    const result = response.ok ? text : (JSON.parse(text) as { error: string }).error;
    expect({ status: response.status, result }).toEqual({
      status: expected.expected_http_status ?? 200,
      result: expected.expected_result,
    });
  });
});

describe("each endpoint", () => {
  const pipes = readdirSync(join(ROOT, "endpoints")).filter((name) => name.endsWith(".pipe"));

  it.each(pipes)("%s has a file of cases", (file) => {
    expect(files).toContain(`${basename(file, ".pipe")}.yaml`);
  });
});
