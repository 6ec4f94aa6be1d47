import { fault } from "../errors.ts";
import { bodyBytes, bodyParams } from "./body.ts";
import { admin, type Call, type Route, required } from "./call.ts";
import { json } from "./reply.ts";

/** Bytes of a sample whose schema is guessed: the CLI sends the first MiB, and Parquet files whole. */
const MAX_SAMPLE_BYTES = 50_000_000;
const MAX_FORM_BYTES = 1_000_000;

/** What clients ask about files, connections and SQL before they act. */
export const connectorRoutes: readonly Route[] = [
  { method: "GET", path: "/v0/connectors", handle: listConnectors },
  { method: "POST", path: "/v0/analyze", handle: analyze },
  { method: "GET", path: "/v0/dependencies", handle: dependencies },
  { method: "POST", path: "/v0/sql_tables", handle: sqlTables },
];

function listConnectors(call: Call): Response {
  const connectors = admin(call).workspace.resources.connections();
  return json({
    connectors: connectors.map(({ name, type }) => ({
      id: name,
      service: type,
      name,
      linkers: [],
      settings: {},
    })),
  });
}

/** A schema for a file, guessed by ClickHouse from its first rows. */
async function analyze(call: Call): Promise<Response> {
  const { workspace } = admin(call);
  if (call.url.searchParams.has("url")) throw fault("BAD_PARAMETER", "url", "a URL", "the file in the body");
  const sample = await bodyBytes(call.request, MAX_SAMPLE_BYTES);
  const { columns, schema } = await workspace.rows.analyze(sample);
  return json({ analysis: { columns, schema } });
}

/** The data sources that views fill from one, which a truncation with `--cascade` empties too. */
function dependencies(call: Call): Response {
  const name = required(call, "datasource", "datasource=social_interactions");
  const { workspace } = admin(call);
  const filled = Object.fromEntries(workspace.resources.filledFrom(name).map((target) => [target, []]));
  return json({ dependencies: filled, incompatible_datasources: {} });
}

async function sqlTables(call: Call): Promise<Response> {
  const { workspace } = admin(call);
  const { q } = await bodyParams(call.request, MAX_FORM_BYTES);
  if (typeof q !== "string") throw fault("MISSING_PARAMETER", "q", "q=SELECT 1");
  return json({ tables: workspace.queries.tablesOf(q).map((name) => ["", name]) });
}
