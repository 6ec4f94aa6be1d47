import { fault } from "../errors.ts";
import { bodyParams } from "./body.ts";
import { admin, type Call, type Route } from "./call.ts";
import { json } from "./reply.ts";

/** Bytes of a secret: Tinybird's limit is 8 KB; a form adds its escapes. */
const MAX_VARIABLE_BYTES = 32_768;

/** Secrets, under Tinybird's older name for them. Their values are never answered. */
export const variableRoutes: readonly Route[] = [
  { method: "GET", path: "/v0/variables", handle: listVariables },
  { method: "POST", path: "/v0/variables", handle: createVariable },
  { method: "GET", path: "/v0/variables/:name", handle: getVariable },
  { method: "PUT", path: "/v0/variables/:name", handle: updateVariable },
  { method: "DELETE", path: "/v0/variables/:name", handle: deleteVariable },
];

function listVariables(call: Call): Response {
  return json({ variables: admin(call).workspace.secrets.list().map(variableObject) });
}

function getVariable(call: Call): Response {
  const name = call.path.name ?? "";
  const variable = found(call, name);
  if (variable === undefined) throw fault("UNKNOWN_VARIABLE", name);
  return json(variable);
}

async function createVariable(call: Call): Promise<Response> {
  const { workspace } = admin(call);
  const { name, value } = await form(call);
  if (typeof name !== "string" || name === "") throw fault("MISSING_PARAMETER", "name", "name=API_KEY");
  if (found(call, name)) throw fault("VARIABLE_EXISTS", name);
  workspace.secrets.set(name, String(value ?? ""));
  return json(found(call, name));
}

async function updateVariable(call: Call): Promise<Response> {
  const { workspace } = admin(call);
  const name = call.path.name ?? "";
  if (!found(call, name)) throw fault("VARIABLE_NOT_FOUND");
  workspace.secrets.set(name, String((await form(call)).value ?? ""));
  return json(found(call, name));
}

function deleteVariable(call: Call): Response {
  if (!admin(call).workspace.secrets.delete(call.path.name ?? "")) throw fault("VARIABLE_NOT_FOUND");
  return json({ ok: true });
}

async function form(call: Call): Promise<Record<string, unknown>> {
  return bodyParams(call.request, MAX_VARIABLE_BYTES);
}

function found(call: Call, name: string) {
  const secret = admin(call)
    .workspace.secrets.list()
    .find((each) => each.name === name);
  return secret && variableObject(secret);
}

function variableObject({
  name,
  createdAt,
  updatedAt,
}: {
  name: string;
  createdAt: string;
  updatedAt: string;
}) {
  return { name, type: "secret", created_at: createdAt, updated_at: updatedAt, edited_by: "" };
}
