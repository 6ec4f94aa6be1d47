import { join } from "node:path";
import { type DatafileSource, parseDatafile, parseTemplate, readProject, renderTemplate } from "tb-embedded";
import { type Bench, type BenchContext, type Figure, median } from "./bench.ts";

const ROOT = join(import.meta.dirname, "../..");

/** The endpoints that every client of the project calls. */
const ENDPOINTS = ["trending_content", "interactions_by_platform", "user_activity_analysis"].map(
  (name) => `endpoints/${name}.pipe`,
);

/** A value for each of their parameters, so that every branch is taken. */
const PARAMS = {
  as_of: "2025-05-12 00:00:00",
  hours_back: "48",
  platform_filter: "instagram",
  min_interactions: "2",
  limit: "20",
  start_date: "2025-05-01 00:00:00",
  end_date: "2025-05-12 00:00:00",
  since: "2025-05-01 00:00:00",
  min_engagement: "1",
};

/** Files of the project to parse, and the size that the figures are told for. */
const PROJECT_FILES = 200;

/** Milliseconds for which one sample repeats its work, and how many samples there are: the median tells. */
const SAMPLE_MS = 200;
const SAMPLES = 5;

export const bench: Bench = {
  description: "Render the templates of three endpoints, and parse a project of 200 files",
  async *run(context) {
    const files = await readProject(ROOT);
    yield* rendering(files, context);
    yield* parsing(files, context);
  },
};

async function* rendering(
  files: readonly DatafileSource[],
  { signal }: BenchContext,
): AsyncGenerator<Figure> {
  for (const file of files.filter(({ path }) => ENDPOINTS.includes(path))) {
    if (signal.aborted) return;
    const templates = nodesOf(file).map((sql) => parseTemplate(sql));
    const render = () => templates.map((template) => renderTemplate(template, { params: PARAMS }).sql);
    const pieces = render().map((sql) => sql.split(/(?<=\s)/));
    const floor = perSecond(() => pieces.map((words) => concatenated(words)));
    const name = file.path.replace(/^endpoints\/|\.pipe$/g, "");
    yield { what: `${name}: the same text, put together from its words`, value: floor, unit: "texts/s" };
    const value = perSecond(render);
    yield {
      what: `${name}: rendered, ${templates.length} nodes`,
      value,
      unit: "renders/s",
      ratio: { of: "floor", value: value / floor },
    };
  }
}

/** Put together word by word: what no rendering can do without. */
function concatenated(words: readonly string[]): string {
  let text = "";
  for (const word of words) text += word;
  return text;
}

async function* parsing(files: readonly DatafileSource[], { note }: BenchContext): AsyncGenerator<Figure> {
  const project = repeated(files, PROJECT_FILES);
  const bytes = project.reduce((sum, { content }) => sum + content.length, 0);
  note(`${project.length} files, ${bytes} characters`);
  const floor = 1_000 / perSecond(() => project.map(({ content }) => JSON.parse(JSON.stringify(content))));
  yield { what: `${project.length} files: written as JSON and read again`, value: floor, unit: "ms" };
  const datafiles = 1_000 / perSecond(() => project.map((file) => parseDatafile(file)));
  yield {
    what: `${project.length} files: datafiles parsed`,
    value: datafiles,
    unit: "ms",
    ratio: { of: "floor", value: datafiles / floor },
  };
  const nodes = project.flatMap(nodesOf);
  const templates = 1_000 / perSecond(() => nodes.map((sql) => parseTemplate(sql)));
  yield {
    what: `${nodes.length} nodes: templates parsed`,
    value: templates,
    unit: "ms",
    ratio: { of: "floor", value: templates / floor },
  };
}

/** The project's own files under other names, until there are enough. */
function repeated(files: readonly DatafileSource[], count: number): DatafileSource[] {
  return Array.from({ length: count }, (_, index) => {
    const { path, content } = files[index % files.length] ?? { path: "", content: "" };
    return { path: path.replace(/(\.\w+)$/, `_${index}$1`), content };
  });
}

function nodesOf(file: DatafileSource): string[] {
  const result = parseDatafile(file);
  return result.ok && result.datafile.kind === "pipe" ? result.datafile.nodes.map(({ sql }) => sql) : [];
}

function perSecond(work: () => unknown): number {
  work();
  return median(Array.from({ length: SAMPLES }, () => sample(work)));
}

function sample(work: () => unknown): number {
  const start = performance.now();
  let done = 0;
  while (performance.now() - start < SAMPLE_MS) {
    work();
    done += 1;
  }
  return (done * 1_000) / (performance.now() - start);
}
