import { randomUUID } from "node:crypto";
import { fault } from "../errors.ts";
import {
  type BuildAnswer,
  type Changes,
  type DatafileSource,
  type Problem,
  problemLine,
} from "../workspace.ts";
import { type Call, deployer, type Route } from "./call.ts";
import { json } from "./reply.ts";

export const buildRoutes: readonly Route[] = [{ method: "POST", path: "/v1/build", handle: postBuild }];

/** The field that holds one datafile; its file name is the path in the project. */
const DATAFILE_FIELD = "data_project://";

async function postBuild(call: Call): Promise<Response> {
  const { workspace } = deployer(call);
  const answer = await workspace.build(await datafilesOf(call.request));
  return answer.ok ? json(successObject(answer)) : json(failureObject(answer.problems), 400);
}

/** @throws TinybirdError BAD_MULTIPART */
export async function datafilesOf(request: Request): Promise<DatafileSource[]> {
  const form = await request.formData().catch((cause: unknown) => {
    throw fault("BAD_MULTIPART", cause instanceof Error ? cause.message : String(cause));
  });
  const files = form.getAll(DATAFILE_FIELD).flatMap((part) => (typeof part === "string" ? [] : [part]));
  return Promise.all(files.map(async (file) => ({ path: file.name, content: await file.text() })));
}

/** Without a change the names are empty and the result is still `success`: the CLI knows no other word for it. */
function successObject(answer: Extract<BuildAnswer, { ok: true }>) {
  return {
    result: "success",
    build: {
      id: randomUUID(),
      ...changedNames(answer.changes),
      feedback: answer.warnings.map((message) => ({ level: "WARNING", resource: null, message })),
      datasources: [],
      pipes: [],
      data_linkers: [],
    },
  };
}

export function changedNames({ datasources, pipes, connections }: Changes) {
  return {
    new_datasource_names: datasources.added,
    changed_datasource_names: datasources.changed,
    deleted_datasource_names: datasources.deleted,
    new_pipe_names: pipes.added,
    changed_pipe_names: pipes.changed,
    deleted_pipe_names: pipes.deleted,
    new_data_connector_names: connections.added,
    changed_data_connector_names: connections.changed,
    deleted_data_connector_names: connections.deleted,
  };
}

function failureObject(problems: readonly Problem[]) {
  return {
    result: "failed",
    error: problems.map(problemLine).join("\n"),
    errors: problems.map((problem) => ({ filename: problem.path, error: problemText(problem) })),
  };
}

function problemText({ line, message }: Problem): string {
  return line === null ? message : `line ${line}: ${message}`;
}
