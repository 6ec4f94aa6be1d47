import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** Answers of endpoints, by the name of the pipe. */
export type Answers = ReadonlyMap<string, string>;

/** A server without a database: the page, its answers, and the same page as a file without a script. */
export interface CannedServer {
  readonly url: string;
  /** The document at `/floor/` from now on. */
  setFloor(html: string): void;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
};

const HTML = "text/html; charset=utf-8";
const JSON_TYPE = "application/json";

/** Seconds; longer than any run. */
const TOKEN = JSON.stringify({ token: "canned", expires_in: 86_400, host: "" });

/** @param folder of the built page */
export async function startCanned(folder: string, answers: Answers): Promise<CannedServer> {
  let floor = "";
  const contentOf = (path: string): [string, string | Uint8Array] | null => {
    if (path === "/dashboard/") return [HTML, readFileSync(join(folder, "index.html"))];
    if (path === "/floor/") return [HTML, floor];
    if (path === "/dashboard/token") return [JSON_TYPE, TOKEN];
    const [, asset, extension = ""] = /^\/dashboard\/(assets\/[\w-]+(\.\w+))$/.exec(path) ?? [];
    if (asset !== undefined) return [TYPES[extension] ?? HTML, readFileSync(join(folder, asset))];
    const answer = answers.get(/^\/v0\/pipes\/(\w+)\.json$/.exec(path)?.[1] ?? "");
    return answer === undefined ? null : [JSON_TYPE, answer];
  };
  const server = createServer((request, response) => {
    const content = contentOf(new URL(request.url ?? "/", "http://127.0.0.1").pathname);
    if (content === null) return void response.writeHead(404).end();
    const [type, body] = content;
    response.writeHead(200, { "content-type": type, "cache-control": "no-store" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setFloor(html) {
      floor = html;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
