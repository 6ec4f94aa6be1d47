import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, startTarget, type Target } from "../target.ts";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const readme = read("endpoints/README.md");

/** One `### name` of the page. */
interface Section {
  readonly name: string;
  /** Cells of its table: parameter, default, allowed. */
  readonly parameters: readonly (readonly [name: string, value: string, allowed: string])[];
  readonly columns: readonly string[];
}

const sections: readonly Section[] = readme
  .split(/^##+ /m)
  .filter((text) => text.startsWith("`"))
  .map((text) => ({
    name: /^`(\w+)`/.exec(text)?.[1] ?? "",
    parameters: [...text.matchAll(/^\| `(\w+)` +\| ([^|]*?) *\| ([^|]*?) *\|/gm)].map(
      ([, name = "", value = "", allowed = ""]) => [name, value, allowed] as const,
    ),
    columns: [...(/Columns: ([\s\S]*?)\n\n/.exec(text)?.[1] ?? "").matchAll(/`(\w+)`/g)].map(
      ([, name = ""]) => name,
    ),
  }));

/** A parameter as a datafile declares it, at its mention that is described. */
const DECLARED =
  /\b(?:String|Int32|UInt8|Float64|DateTime)\((\w+), ('[^']*'|[^,)]+),(?:[^)']|'[^']*')*?description='([^']*)'/g;
const declared = (pipe: string) =>
  new Map(
    [...read(`endpoints/${pipe}.pipe`).matchAll(DECLARED)].map(
      ([, name = "", value = "", description = ""]) => [name, { value, description }] as const,
    ),
  );

const REQUIRED = "_required_";
const isRequired = (pipe: string, parameter: string) =>
  read(`endpoints/${pipe}.pipe`).includes(`if not defined(${parameter})`);

let target: Target;

beforeAll(async () => {
  target = await startTarget({ fixtures: true });
});

afterAll(() => target?.close());

const rows = async (call: string) => {
  const response = await target.get(call);
  return (await response.text())
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};

describe("the endpoints' README", () => {
  it.each(sections.map((section) => [section.name, section] as const))(
    "lists every own parameter of %s with its default and range",
    (name, { parameters }) => {
      const own = declared(name);
      const optional = parameters.filter(([, value]) => value !== REQUIRED).map(([parameter]) => parameter);
      expect(optional.sort()).toEqual([...own.keys()].filter((each) => !isRequired(name, each)).sort());
      for (const [parameter, value, allowed] of parameters) {
        const { value: literal = "", description = "" } = own.get(parameter) ?? {};
        if (value === REQUIRED) expect(isRequired(name, parameter)).toBe(true);
        else expect(value.replaceAll("`", "")).toBe(literal.replaceAll("'", ""));
        if (/^[\d.]+ to \d+$/.test(allowed)) expect(description).toContain(allowed);
      }
    },
  );

  it.each(sections.map((section) => [section.name, section] as const))(
    "lists the columns of %s in their order",
    async (name, { columns }) => {
      const search = "dimension=tag&content_id=content_poll&user_id=user_ana&as_of=2025-05-12+00:00:00";
      const response = await target.get(`/v0/pipes/${name}.json?${search}`);
      const { meta } = (await response.json()) as { meta: { name: string }[] };
      const named = meta.map((column) => column.name);
      expect(columns.filter((column) => named.includes(column)).slice(0, named.length)).toEqual(named);
    },
  );

  it.each(
    [...readme.matchAll(/GET (\S+)\n\n([\s\S]*?)\n\n/g)].map(([, call = "", table = ""]) => [call, table]),
  )("shows what the fixture answers: %s", async (call, table) => {
    const [head = [], , ...lines] = table.split("\n").map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll("`", "")),
    );
    const answered = await rows(call);
    const shown = head.filter((column) => answered[0]?.[column] !== undefined);
    expect(answered.map((row) => shown.map((column) => String(row[column])))).toEqual(
      lines.map((line) => shown.map((column) => line[head.indexOf(column)])),
    );
  });

  it("has a section for each endpoint", async () => {
    const { pipes } = (await (await target.get("/v0/pipes")).json()) as {
      pipes: { name: string; type: string }[];
    };
    const endpoints = pipes.filter(({ type }) => type === "endpoint").map(({ name }) => name);
    expect(sections.map(({ name }) => name).sort()).toEqual(endpoints.sort());
  });
});
