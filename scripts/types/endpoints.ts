import type { Datafile, Pipe } from "tb-embedded";
import { Failure } from "../terminal/failure.ts";
import { type Parameter, parameterField, parametersOf, sampleOf } from "./parameters.ts";
import type { EndpointShape } from "./shapes.ts";
import { isDateColumn, wordsFor } from "./words.ts";

/** What the engine says of an endpoint asked with these parameters. */
export type Description =
  | { readonly ok: true; readonly meta: readonly Meta[] }
  | { readonly ok: false; readonly error: string };
export type Meta = { readonly name: string; readonly type: string };
export type Describe = (pipe: string, parameters: Readonly<Record<string, string>>) => Promise<Description>;

/** The endpoints of a project, their columns as the engine describes them. */
export async function endpointShapes(
  datafiles: readonly Datafile[],
  describe: Describe,
): Promise<readonly EndpointShape[]> {
  const pipes = datafiles.filter((file) => file.kind === "pipe").filter(({ type }) => type === "endpoint");
  const shapes: EndpointShape[] = [];
  for (const pipe of pipes)
    shapes.push(await endpointShape(pipe, parametersOf(withReadPipes(pipe, datafiles)), describe));
  return shapes;
}

/** The pipe and those it reads, directly or not: the parameters of a call reach all of them. */
function withReadPipes(pipe: Pipe, datafiles: readonly Datafile[]): readonly Pipe[] {
  const pipes = datafiles.filter((file) => file.kind === "pipe");
  const reached = new Set([pipe]);
  for (const one of reached) {
    for (const other of pipes) if (reads(one, other)) reached.add(other);
  }
  return [...reached];
}

/** Its name stands in the SQL: one too many costs a parameter that does nothing, one too few a parameter that is missing. */
const reads = ({ nodes }: Pipe, { name }: Pipe): boolean =>
  nodes.some(({ sql }) => new RegExp(`\\b${name}\\b`).test(sql));

async function endpointShape(
  pipe: Pipe,
  parameters: readonly Parameter[],
  describe: Describe,
): Promise<EndpointShape> {
  const { meta, required } = await ask(pipe, parameters, describe);
  const columns = meta.map(({ name, type }) => ({
    name,
    words: wordsFor(type, "answer"),
    doc: [`\`${type}\``],
  }));
  return {
    name: pipe.name,
    description: pipe.description,
    parameters: parameters.map((one) => parameterField(one, required.has(one.name))),
    columns,
    dates: meta.filter(({ type }) => isDateColumn(type)).map(({ name }) => name),
    paged:
      parameters.some(({ name }) => name === "cursor") && meta.some(({ name }) => name === "next_cursor"),
  };
}

type Answer = { readonly meta: readonly Meta[]; readonly required: ReadonlySet<string> };

/** Asks without parameters; when that is refused, finds out which ones the endpoint cannot do without. */
async function ask(pipe: Pipe, parameters: readonly Parameter[], describe: Describe): Promise<Answer> {
  const plain = await describe(pipe.name, {});
  if (plain.ok) return { meta: plain.meta, required: new Set() };
  const candidates = parameters.filter((one) => one.required || one.default === null || one.default === "");
  const samples = Object.fromEntries(candidates.map((one) => [one.name, sampleOf(one)]));
  const full = await describe(pipe.name, samples);
  if (!full.ok) {
    throw new Failure(
      `${pipe.path}: the engine cannot describe it. Without parameters: ${plain.error}. With ${JSON.stringify(samples)}: ${full.error}`,
    );
  }
  const required = new Set<string>();
  for (const { name } of candidates) {
    const { [name]: _, ...others } = samples;
    if (!(await describe(pipe.name, others)).ok) required.add(name);
  }
  return { meta: full.meta, required };
}
