import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import type { Engine, QueryOptions } from "./engine/engine.ts";
import { parseProject } from "./plan/project.ts";
import { Queries } from "./queries.ts";
import type { Resources } from "./resources.ts";

describe("max_threads of a template", () => {
  const cores = availableParallelism();

  it.each([
    ["without it: the engine's own choice", "SELECT 1 AS n", undefined],
    ["one", "%\n{{max_threads(1)}}\nSELECT 1 AS n", 1],
    ["more than the machine has cores: as many as it has", "%\n{{max_threads(4096)}}\nSELECT 1 AS n", cores],
    ["0, ClickHouse's word for all", "%\n{{max_threads(0)}}\nSELECT 1 AS n", cores],
  ])("%s", async (_, sql, expected) => {
    expect((await settingsOf(sql)).max_threads).toBe(expected);
  });

  it("counts in a node that is read", async () => {
    const settings = await settingsOf(
      "%\n{{max_threads(1)}}\nSELECT 1 AS n",
      "NODE outer\nSQL >\n    SELECT n FROM one\n",
    );
    expect(settings.max_threads).toBe(1);
  });
});

/** What the engine is given beside the SQL of an endpoint: its first node has this one, others may follow. */
async function settingsOf(sql: string, others = ""): Promise<NonNullable<QueryOptions["settings"]>> {
  const content = `NODE one\nSQL >\n    ${sql.replaceAll("\n", "\n    ")}\n\n${others}TYPE endpoint\n`;
  const { project } = parseProject([{ path: "endpoints/answer.pipe", content }]);
  let given: QueryOptions = {};
  const engine: Pick<Engine, "query"> = {
    async query(_, options = {}) {
      given = options;
      return { bytes: new Uint8Array(), elapsed: 0, rows: 0 };
    },
  };
  const served = () => ({ project, datasources: {}, pipes: {} });
  const queries = new Queries({
    engine: engine as Engine,
    database: "w",
    served,
    resources: {} as Resources,
    secrets: () => new Map(),
    now: () => new Date(0),
    frozenAt: null,
  });
  await queries.query("answer", {}, "JSON");
  return given.settings ?? {};
}
