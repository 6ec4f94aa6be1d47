import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import vm from "node:vm";
import { build, type Metafile } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const SDK = join(import.meta.dirname, "..");
const ROOT = join(SDK, "..");

/** The package as it would be published: built, beside a program that imports it by its name. */
let folder = "";
beforeAll(async () => {
  mkdirSync(join(SDK, ".cache"), { recursive: true });
  folder = mkdtempSync(join(SDK, ".cache/package-"));
  for (const file of ["package.json", "README.md", "LICENSE"]) cpSync(join(SDK, file), join(folder, file));

  const output = ["--outDir", join(folder, "dist")];
  await run(join(ROOT, "node_modules/.bin/tsc"), ["-p", join(SDK, "tsconfig.build.json"), ...output]);
  mkdirSync(join(folder, "node_modules/@social-interactions"), { recursive: true });
  symlinkSync(folder, join(folder, "node_modules/@social-interactions/sdk"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PROGRAM = `import { createClient } from "@social-interactions/sdk"; globalThis.createClient = createClient;`;

async function bundle(
  platform: "browser" | "node",
  contents = PROGRAM,
): Promise<{ code: string; metafile: Metafile }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: folder },
    platform,
    format: platform === "node" ? "esm" : "iife",
    bundle: true,
    minify: true,
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  return { code: outputFiles[0]?.text ?? "", metafile };
}

const importsOf = ({ inputs }: Metafile) =>
  Object.values(inputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external).map(({ path }) => path),
  );

describe("the package", () => {
  it("holds what an application needs and nothing else", async () => {
    const { stdout } = await run("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: folder });
    const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json", "dist/index.js"]));
    expect(paths).toEqual(expect.arrayContaining(["dist/index.d.ts", "dist/index.web.js"]));
    const strangers = paths.filter(
      (path) => !/^(?:LICENSE|README\.md|package\.json|dist\/[\w./-]+\.(?:js|d\.ts))$/.test(path),
    );
    expect([...strangers, ...paths.filter((path) => /test-(?!client)|\.test\./.test(path))]).toEqual([]);
  });

  it("depends on undici and zod, and on nothing else", () => {
    const { dependencies } = JSON.parse(readFileSync(join(SDK, "package.json"), "utf8")) as {
      dependencies: object;
    };
    expect(Object.keys(dependencies)).toEqual(["undici", "zod"]);
  });

  it("is loaded by Node under its name, with everything its door names", async () => {
    const script = `import * as sdk from "@social-interactions/sdk"; console.log(Object.keys(sdk).join(" "))`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script], { cwd: folder });
    expect(stdout.trim().split(" ")).toEqual(
      expect.arrayContaining(["createClient", "createJwt", "createTestClient", "endpoints", "dataSources"]),
    );
  });
});

describe("a bundle for the edge", () => {
  it("holds no module of Node, no undici and no spool", async () => {
    const { metafile } = await bundle("browser");
    expect(importsOf(metafile)).toEqual([]);
    expect(
      Object.keys(metafile.inputs).filter((path) => /undici|spool\/|platform\/(?:node|exits)/.test(path)),
    ).toEqual([]);
  });

  it("sends events and asks questions with the globals of the web alone", async () => {
    const { code } = await bundle("browser");
    const requests: { url: string; encoding: string | undefined; body: Uint8Array }[] = [];
    const world = webGlobals({
      fetch: async (url: string, init: { headers: Record<string, string>; body?: Uint8Array }) => {
        requests.push({
          url,
          encoding: init.headers["content-encoding"],
          body: init.body ?? new Uint8Array(),
        });
        return new Response('{"successful_rows":1,"quarantined_rows":0}');
      },
    });
    vm.runInContext(code, world);
    const summary: unknown = await vm.runInContext(
      `(async () => {
        const client = createClient({ host: "https://api.example.com", token: "t" });
        client.socialInteractions.send({
          user_id: "u", interaction_type: "like", content_id: "c", platform: "twitter", timestamp: new Date(0),
          text_content: "é".repeat(2000), engagement_count: 1, tags: [],
        });
        await client.flush();
        return JSON.stringify([await client.close(), typeof process, typeof Buffer, typeof setImmediate]);
      })()`,
      world,
    );
    const [report, ...nodeGlobals] = JSON.parse(String(summary)) as [object, ...string[]];
    expect(report).toMatchObject({ sent: 1, delivered: 1 });
    expect(nodeGlobals).toEqual(["undefined", "undefined", "undefined"]);
    expect(requests.map(({ url, encoding }) => [url, encoding])).toEqual([
      ["https://api.example.com/v0/events?name=social_interactions&wait=true", "gzip"],
    ]);
  });

  it("refuses a spool by name", async () => {
    const world = webGlobals({});
    vm.runInContext((await bundle("browser")).code, world);
    const create = `createClient({ host: "https://api.example.com", token: "t", spool: { dir: "x" } })`;
    expect(() => vm.runInContext(create, world)).toThrow(/spool: expected no spool/);
  });
});

it("a bundle for Node has undici and the spool", async () => {
  const { metafile } = await bundle("node");
  const inputs = Object.keys(metafile.inputs).join("\n");
  expect(inputs).toMatch(/undici/);
  expect(inputs).toMatch(/dist\/spool\/spool\.js/);
});

it.each(["browser", "node"] as const)("a bundle (%s) holds only what is used", async (platform) => {
  const contents = `import { createJwt } from "@social-interactions/sdk"; globalThis.createJwt = createJwt;`;
  const { metafile } = await bundle(platform, contents);
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  expect(used.filter((path) => /dist\/jwt\.js$/.test(path)).length).toBe(1);
  expect(used.filter((path) => /zod|undici|spool|sending|testing|schema/.test(path))).toEqual([]);
});

/** What every edge runtime has; nothing of Node. */
function webGlobals(extra: object): vm.Context {
  const { TextEncoder, TextDecoder, URL, URLSearchParams, AbortController, AbortSignal, Response, Blob } =
    globalThis;
  const { ReadableStream, TextDecoderStream, CompressionStream, crypto, atob, btoa } = globalThis;
  return vm.createContext({
    ...{ TextEncoder, TextDecoder, URL, URLSearchParams, AbortController, AbortSignal, Response, Blob },
    ...{ ReadableStream, TextDecoderStream, CompressionStream, crypto, atob, btoa, setTimeout, clearTimeout },
    ...extra,
  });
}
