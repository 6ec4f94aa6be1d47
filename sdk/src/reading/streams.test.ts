import { describe, expect, it } from "vitest";
import { endpoints } from "../schema.generated.ts";
import { connect, TOKEN } from "../testing/client.test-setup.ts";
import { skippingTime } from "../testing/time.test-clock.ts";
import { endpointFunction } from "./endpoints.ts";
import type { Query } from "./query.ts";
import { sampleRow } from "./row.test-data.ts";

const row = (content_id: string) => sampleRow(endpoints.trendingContent.row, { content_id });
const ndjson = (...rows: readonly object[]) => rows.map((one) => `${JSON.stringify(one)}\n`).join("");
const serve = (...answers: { status: number; body: string }[]) => ({
  answer: () => answers.shift() ?? { status: 500, body: "" },
});

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

describe("an endpoint in another format", () => {
  it.each([["csv"], ["ndjson"], ["parquet"]] as const)(
    "%s is the answer's bytes, as a stream",
    async (format) => {
      const { server, client } = await connect(serve({ status: 200, body: "some bytes" }));
      const stream = await client.trendingContent[format]({ limit: 3 });
      expect(await new Response(stream).text()).toBe("some bytes");
      expect(server.requests.map(({ url }) => url.pathname + url.search)).toEqual([
        `/v0/pipes/trending_content.${format}?limit=3`,
      ]);
    },
  );

  it("is asked again after a passing fault, and refused with a typed error", async () => {
    const { client } = await connect(
      serve({ status: 503, body: "" }, { status: 200, body: "a" }, { status: 404, body: '{"error":"gone"}' }),
      skippingTime().time,
    );
    expect(await new Response(await client.trendingContent.csv()).text()).toBe("a");
    await expect(client.trendingContent.csv()).rejects.toMatchObject({
      code: "NOT_FOUND",
      serverMessage: "gone",
    });
  });

  it("breaks off when its signal is aborted", async () => {
    const controller = new AbortController();
    const { client } = await connect(
      {},
      {
        fetch: async (_, { signal }) => ({
          status: 200,
          headers: { get: () => null },
          text: async () => "",
          body: new ReadableStream({
            start(stream) {
              stream.enqueue(new TextEncoder().encode("first"));
              signal.addEventListener("abort", () => stream.error(signal.reason));
            },
          }),
        }),
      },
    );
    const stream = await client.trendingContent.csv({}, { signal: controller.signal });
    const reader = stream.getReader();
    await reader.read();
    controller.abort(new Error("enough"));
    await expect(reader.read()).rejects.toThrow("enough");
  });

  it("of sql is the format asked for", async () => {
    const { server, client } = await connect(serve({ status: 200, body: "1\n" }));
    const stream = await client.sql.stream("SELECT 1", "CSVWithNames");
    expect(await new Response(stream).text()).toBe("1\n");
    expect(server.requests[0]?.body).toBe("SELECT 1\nFORMAT CSVWithNames");
  });
});

describe("a long answer", () => {
  const LONG = ndjson(...Array.from({ length: 10_000 }, (_, index) => row(`c${index}`)));

  /** Reads some of it, or none; a fault that nobody can catch would end the test run. */
  it.each<[string, (stream: ReadableStream<Uint8Array>, stop: () => void) => Promise<unknown>]>([
    ["cancelled before it is read", (stream) => stream.cancel()],
    [
      "cancelled in the middle",
      async (stream) => {
        const reader = stream.getReader();
        await reader.read();
        await reader.cancel();
      },
    ],
    [
      "ended by its signal in the middle",
      async (stream, stop) => {
        const reader = stream.getReader();
        await reader.read();
        stop();
        const rest = async () => {
          while (!(await reader.read()).done);
        };
        await expect(rest()).rejects.toThrow("abort");
      },
    ],
    ["ended by its signal before it is read", async (_, stop) => stop()],
  ])("can be %s, and the client is used again", async (_, leave) => {
    const { client } = await connect({ answer: () => ({ status: 200, body: LONG }) });
    for (let time = 0; time < 5; time += 1) {
      const controller = new AbortController();
      await leave(await client.trendingContent.ndjson({}, controller), () => controller.abort());
    }
    const whole = await new Response(await client.trendingContent.ndjson()).text();
    expect(whole.length).toBe(LONG.length);
  });

  it("need not be read to its end row by row", async () => {
    const { client } = await connect({ answer: () => ({ status: 200, body: LONG }) });
    for await (const one of client.trendingContent.rows()) {
      expect(one).toEqual(row("c0"));
      break;
    }
    expect((await all(client.trendingContent.rows())).length).toBe(10_000);
  });
});

describe("rows one by one", () => {
  it("are read as they come, checked and typed", async () => {
    const { client } = await connect(serve({ status: 200, body: ndjson(row("a"), row("b")) }));
    expect(await all(client.trendingContent.rows())).toEqual([row("a"), row("b")]);
  });

  it("that do not fit are told with their number", async () => {
    const bad = { ...row("b"), interaction_count: "12" };
    const { client } = await connect(serve({ status: 200, body: ndjson(row("a"), bad) }));
    await expect(all(client.trendingContent.rows())).rejects.toThrow("interaction_count: expected a number");
  });

  it("are not checked when told so, nor are the parameters", async () => {
    const { server, client } = await connect(serve({ status: 200, body: ndjson({ any: 1 }) }));
    const parameters = { limit: "many" as unknown as number };
    expect(await all(client.trendingContent.rows(parameters, { validate: false }))).toEqual([{ any: 1 }]);
    expect(server.requests[0]?.url.search).toBe("?limit=many");
  });

  it("have their dates as Date where the client says so", async () => {
    const body = ndjson(
      sampleRow(endpoints.trendingContent.row, { latest_interaction: "2026-01-01 10:00:00" }),
    );
    const { server } = await connect(serve({ status: 200, body }));
    const { createClient } = await import("../index.ts");
    const client = createClient({ host: server.host, token: TOKEN, dates: "date" });
    const [first] = await all(client.trendingContent.rows());
    await client.close();
    const latest: Date | undefined = first?.latest_interaction;
    expect(latest).toEqual(new Date(Date.UTC(2026, 0, 1, 10)));
  });
});

describe("an endpoint that answers in pages", () => {
  /** Pages of two rows, each row with the cursor of the page after it. */
  const paged = (pages: Readonly<Record<string, readonly (readonly [string, string])[]>>) => {
    const asked: string[] = [];
    const query: Query = {
      json: async (_, { path }) => {
        const cursor = new URL(path, "http://test").searchParams.get("cursor") ?? "";
        asked.push(cursor);
        const data = (pages[cursor] ?? []).map(([content_id, next_cursor]) => ({
          ...row(content_id),
          next_cursor,
        }));
        const statistics = { elapsed: 0, rows_read: 0, bytes_read: 0 };
        return { data, meta: [], rows: data.length, statistics };
      },
      stream: () => Promise.reject(new Error("not asked")),
      sql: () => Promise.reject(new Error("not asked")),
    };
    const endpoint = { ...endpoints.trendingContent, cursor: { parameter: "cursor", column: "next_cursor" } };
    const call = endpointFunction(endpoint, false, "text", query) as unknown as {
      iterate(parameters?: object): AsyncGenerator<{ content_id: string }>;
    };
    return { asked, iterate: call.iterate };
  };
  const ids = async (rows: AsyncIterable<{ content_id: string }>) =>
    (await all(rows)).map((one) => one.content_id);

  it.each<[string, Record<string, [string, string][]>, string[]]>([
    [
      "up to a page without a next one",
      {
        "": [
          ["a", "p2"],
          ["b", "p2"],
        ],
        p2: [["c", ""]],
      },
      ["", "p2"],
    ],
    [
      "up to an empty page",
      {
        "": [
          ["a", "p2"],
          ["b", "p2"],
        ],
        p2: [["c", "p3"]],
        p3: [],
      },
      ["", "p2", "p3"],
    ],
    [
      "up to a cursor that does not move",
      {
        "": [
          ["a", "p2"],
          ["b", "p2"],
        ],
        p2: [["c", "p2"]],
      },
      ["", "p2"],
    ],
  ])("gives the rows of all of them, %s", async (_, pages, cursors) => {
    const { asked, iterate } = paged(pages);
    expect(await ids(iterate())).toEqual(["a", "b", "c"]);
    expect(asked).toEqual(cursors);
  });

  it("is not asked for a page that nobody reads", async () => {
    const { asked, iterate } = paged({ "": [["a", "p2"]], p2: [["b", ""]] });
    for await (const one of iterate()) {
      expect(one.content_id).toBe("a");
      break;
    }
    expect(asked).toEqual([""]);
  });
});

describe("a deadline", () => {
  it("ends a call, retries included, with a typed error", async () => {
    const { client } = await connect(serve(), {
      ...skippingTime().time,
      retry: { baseMs: 10_000, capMs: 60_000 },
      random: () => 0.99,
    });
    await expect(client.trendingContent({}, { timeout: 5_000 })).rejects.toMatchObject({ code: "DEADLINE" });
  });

  it("does not touch a call that ends in time", async () => {
    const { client } = await connect(serve({ status: 200, body: "a" }));
    expect(await new Response(await client.trendingContent.csv({}, { timeout: 60_000 })).text()).toBe("a");
  });
});

describe("a refusal that is about a parameter", () => {
  it.each([
    ["by its name", { hours_back: 9_999 }, "hours_back must be from 1 to 8784, got 9999", "hours_back"],
    ["by its value", { limit: 7 }, "Template Syntax Error: Error validating '7' to type Int32", "limit"],
    ["not by a word it does not have", {}, "Unknown table", undefined],
  ])("names it: %s", async (_, parameters, sentence, parameter) => {
    const { client } = await connect(serve({ status: 400, body: JSON.stringify({ error: sentence }) }));
    await expect(client.trendingContent(parameters)).rejects.toMatchObject({
      code: "BAD_REQUEST",
      status: 400,
      serverMessage: sentence,
      parameter,
    });
  });
});

describe("parameters", () => {
  it("too long for an address travel in the body", async () => {
    const { server, client } = await connect(serve({ status: 200, body: "a" }));
    await client.trendingContent.csv({ platform_filter: "x".repeat(5_000) });
    const [request] = server.requests;
    expect([request?.method, request?.url.search]).toEqual(["POST", ""]);
    expect(new URLSearchParams(request?.body).get("platform_filter")?.length).toBe(5_000);
  });

  it("of sql travel beside the query, never in it", async () => {
    const { server, client } = await connect(serve({ status: 200, body: "" }));
    const query = "% SELECT {{String(name)}}";
    await client.sql.stream(query, "TSV", {
      parameters: { name: "'; DROP", since: new Date(0), tags: ["a", "b"] },
    });
    expect(server.requests[0]?.url.search).toBe("?name=%27%3B+DROP&since=1970-01-01+00%3A00%3A00&tags=a%2Cb");
    expect(server.requests[0]?.body).toBe(`${query}\nFORMAT TSV`);
  });
});
