import type { DescribedColumn, NodeParameter, PipeState } from "../workspace.ts";

/** An endpoint with the columns that it answers. */
type Endpoint = PipeState & { readonly columns: readonly DescribedColumn[] };

type Schema = Readonly<Record<string, unknown>>;

/** OpenAPI 3.0, the version that code generators know best. */
const OPENAPI_VERSION = "3.0.3";

/** Describes endpoints as `GET` calls with their parameters and the columns of their rows. */
export function openapiDocument(
  endpoints: readonly Endpoint[],
  { title, origin }: { readonly title: string; readonly origin: string },
): Schema {
  return {
    openapi: OPENAPI_VERSION,
    info: { title, version: "1.0.0" },
    servers: [{ url: `${origin}/v0` }],
    security: [{ bearer: [] }, { token: [] }],
    paths: Object.fromEntries(
      endpoints.map((endpoint) => [`/pipes/${endpoint.pipe.name}.json`, { get: operation(endpoint) }]),
    ),
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        token: { type: "apiKey", in: "query", name: "token" },
      },
      schemas: { Error: ERROR },
    },
  };
}

const ERROR: Schema = {
  type: "object",
  required: ["error"],
  properties: { error: { type: "string" }, documentation: { type: "string" } },
};

function operation({ pipe, nodes, columns }: Endpoint): Schema {
  return {
    operationId: pipe.name,
    ...(pipe.description !== null && { description: pipe.description }),
    tags: pipe.tags,
    parameters: firstOfEach(nodes.flatMap(({ parameters }) => parameters)).map(parameter),
    responses: {
      200: { description: "The rows", content: jsonOf(answer(columns)) },
      default: { description: "Why not", content: jsonOf({ $ref: "#/components/schemas/Error" }) },
    },
  };
}

/** Parameters of several nodes share one request: the first node that names one declares it. */
function firstOfEach(parameters: readonly NodeParameter[]): readonly NodeParameter[] {
  const byName = new Map<string, NodeParameter>();
  for (const each of parameters) if (!byName.has(each.name)) byName.set(each.name, each);
  return [...byName.values()];
}

function parameter(each: NodeParameter): Schema {
  const isList = each.type.startsWith("Array(");
  return {
    name: each.name,
    in: "query",
    required: each.required,
    ...(each.description !== null && { description: each.description }),
    // One value with commas between: what templates split.
    ...(isList && { style: "form", explode: false }),
    schema: {
      ...typeSchema(each.type),
      ...(each.default !== null && { default: isList ? listOf(each.default) : each.default }),
      ...(each.enum !== null && { enum: each.enum }),
      ...(each.format !== null && { format: each.format }),
    },
    ...(each.example !== null && { example: each.example }),
  };
}

/** The default of a list is written as its values are sent: with commas between. */
function listOf(value: NodeParameter["default"]): unknown {
  return typeof value === "string" ? value.split(",") : value;
}

function answer(columns: readonly DescribedColumn[]): Schema {
  const properties = Object.fromEntries(columns.map(({ name, type }) => [name, typeSchema(type)]));
  const row = { type: "object", properties, required: columns.map(({ name }) => name) };
  const column = { type: "object", properties: { name: { type: "string" }, type: { type: "string" } } };
  return {
    type: "object",
    properties: {
      meta: { type: "array", items: column },
      data: { type: "array", items: row },
      rows: { type: "integer" },
      rows_before_limit_at_least: { type: "integer" },
      statistics: {
        type: "object",
        properties: {
          elapsed: { type: "number" },
          rows_read: { type: "integer" },
          bytes_read: { type: "integer" },
        },
      },
    },
  };
}

function jsonOf(schema: Schema): Schema {
  return { "application/json": { schema } };
}

/** Types by the beginning of their ClickHouse name, the first that fits. A moment is text without `T`: no `date-time`. */
const TYPES: readonly (readonly [begin: RegExp, schema: Schema])[] = [
  [/^U?Int(?:8|16|32|eger)?$/, { type: "integer" }],
  [/^U?Int/, { type: "integer", format: "int64" }],
  [/^(?:Float|BFloat|Decimal)/, { type: "number" }],
  [/^Bool/, { type: "boolean" }],
  [/^Date(?:32)?$/, { type: "string", format: "date" }],
  [/^UUID/, { type: "string", format: "uuid" }],
  [/^(?:Map|JSON)/, { type: "object" }],
  [/^(?:Tuple|Nested|Variant|Dynamic)/, {}],
];

function typeSchema(type: string): Schema {
  const [, wrapper, inner = ""] = /^(\w+)\((.*)\)$/s.exec(type) ?? [];
  if (wrapper === "Nullable") return { ...typeSchema(inner), nullable: true };
  if (wrapper === "LowCardinality") return typeSchema(inner);
  if (wrapper === "Array") return { type: "array", items: typeSchema(inner) };
  return TYPES.find(([begin]) => begin.test(type))?.[1] ?? { type: "string" };
}
