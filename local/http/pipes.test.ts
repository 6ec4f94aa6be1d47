import { beforeAll, describe, expect, it } from "vitest";
import { appForTests, ORIGIN } from "../app.test-setup.ts";

const { answer, build, tokenNamed } = appForTests();

const POSTS = `SCHEMA >
    \`id\` UInt64 \`json:$.id\`,
    \`network\` LowCardinality(String) \`json:$.network\`,
    \`seen_at\` Nullable(DateTime) \`json:$.seen_at\`,
    \`tags\` Array(String) \`json:$.tags[:]\`

ENGINE MergeTree
ENGINE_SORTING_KEY id
`;

const TOP = `DESCRIPTION The posts most seen
TOKEN dashboard READ
TAGS ranking

NODE chosen
SQL >
    %
    SELECT id, network, seen_at, tags
    FROM posts
    WHERE network = {{String(network, 'web', description='Where it was posted', enum=['web', 'app'])}}
    {% if defined(since) %}
      AND seen_at >= {{DateTime(since)}}
    {% end %}
      AND id < {{UInt64(below, required=True, example='100')}}

NODE ranked
DESCRIPTION The answer
SQL >
    %
    SELECT id, network, seen_at, tags, 0.5 AS share
    FROM chosen
    WHERE id IN {{Array(ids, 'Int32', '1,2')}}
    ORDER BY id
    LIMIT {{Int32(limit, 10)}}

TYPE endpoint
`;

const OTHER = "NODE counted\nSQL >\n    SELECT count() AS n FROM top, posts\nTYPE endpoint\n";

const PLAIN = "NODE one\nSQL >\n    SELECT 1 AS n\n";

beforeAll(() =>
  build({ "posts.datasource": POSTS, "top.pipe": TOP, "other.pipe": OTHER, "plain.pipe": PLAIN }),
);

describe("a pipe's nodes", () => {
  it("tell their parameters, as they are first mentioned", async () => {
    const { body } = await answer("/v0/pipes/top");
    expect(body.nodes).toMatchObject([
      {
        name: "chosen",
        params: [
          {
            name: "network",
            type: "String",
            required: false,
            default: "web",
            description: "Where it was posted",
            enum: ["web", "app"],
          },
          { name: "since", type: "DateTime", required: false, default: null },
          { name: "below", type: "UInt64", required: true, default: null, example: "100" },
        ],
      },
      {
        name: "ranked",
        params: [
          { name: "ids", type: "Array(Int32)", required: false, default: "1,2" },
          { name: "limit", type: "Int32", required: false, default: 10 },
        ],
      },
    ]);
  });

  it("tell what they read", async () => {
    const { body } = await answer("/v0/pipes?attrs=name,nodes&node_attrs=dependencies");
    expect(body.pipes).toMatchObject([
      { name: "top", nodes: [{ dependencies: ["posts"] }, { dependencies: ["chosen"] }] },
      { name: "other", nodes: [{ dependencies: ["posts", "top"] }] },
      { name: "plain", nodes: [{ dependencies: [] }] },
    ]);
  });
});

describe("attrs", () => {
  it.each([
    ["/v0/pipes?attrs=id,name", ["id", "name", "url"]],
    ["/v0/pipes?attrs=name&node_attrs=name", ["name", "url", "nodes"]],
  ])("leaves exactly the keys that it names, and url: %s", async (path, keys) => {
    const { body } = await answer(path);
    const [first] = body.pipes as object[];
    expect(Object.keys(first ?? {}).sort()).toEqual(keys.toSorted());
  });
});

describe("explain", () => {
  it.each([
    ["/v0/pipes/top.json?explain=true&below=9", "ORDER BY id"],
    ["/v0/pipes/top/explain?below=9", "ORDER BY id"],
    ["/v0/pipes/top/nodes/chosen/explain?below=9", "id < toUInt64('9')"],
  ])("tells the query and its plan by the names of resources: %s", async (path, part) => {
    const { status, body } = await answer(path);
    expect(status).toBe(200);
    expect(body.debug_query).toContain(part);
    expect(body.query_explain).toContain("Read");
    expect(JSON.stringify(body)).not.toMatch(/\b[wt]_[0-9a-f]{16}/);
  });
});

describe("q= over a pipe", () => {
  it.each([
    ["/v0/pipes/nobody.json?q=SELECT+1+FROM+_", "The pipe 'nobody' does not exist"],
    ["/v0/pipes/plain.json?q=SELECT+1+FROM+_", "The pipe 'plain' is not an endpoint, its type is default"],
  ])("that is no endpoint is refused: %s", async (path, error) => {
    expect(await answer(path)).toMatchObject({ status: 404, body: { error } });
  });
});

describe("the OpenAPI document", () => {
  type Document = { paths: Record<string, { get: Record<string, unknown> }> };

  it("describes each endpoint's parameters and columns", async () => {
    const { body } = await answer("/v0/pipes/openapi.json");
    expect(body).toMatchObject({ openapi: "3.0.3", servers: [{ url: `${ORIGIN}/v0` }] });
    const { get } = (body as unknown as Document).paths["/pipes/top.json"] ?? {};
    expect(get).toMatchObject({
      operationId: "top",
      description: "The posts most seen",
      tags: ["ranking"],
      parameters: [
        {
          name: "network",
          in: "query",
          required: false,
          schema: { type: "string", default: "web", enum: ["web", "app"] },
        },
        { name: "since", required: false, schema: { type: "string" } },
        { name: "below", required: true, example: "100", schema: { type: "integer", format: "int64" } },
        {
          name: "ids",
          explode: false,
          schema: { type: "array", items: { type: "integer" }, default: ["1", "2"] },
        },
        { name: "limit", schema: { type: "integer", default: 10 } },
      ],
    });
    expect(get).toHaveProperty(
      "responses.200.content.application/json.schema.properties.data.items.properties",
      {
        id: { type: "integer", format: "int64" },
        network: { type: "string" },
        seen_at: { type: "string", nullable: true },
        tags: { type: "array", items: { type: "string" } },
        share: { type: "number" },
      },
    );
  });

  it("holds only the endpoints that the token may read", async () => {
    const { body } = await answer(`/v0/pipes/openapi.json`, { token: await tokenNamed("dashboard") });
    expect(Object.keys((body as unknown as Document).paths)).toEqual(["/pipes/top.json"]);
  });
});
