import { join } from "node:path";
import type { Command } from "commander";
import { isLocal, resolveTarget, type Target, type TargetEnvironment } from "../server/target.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { port } from "../terminal/options.ts";
import { note, print } from "../terminal/output.ts";
import { interruption } from "../terminal/signals.ts";

type Options = { readonly host?: string; readonly port: number; readonly page: string };

type DashboardEnvironment = TargetEnvironment & {
  /** The workspace's admin token, under the name that Tinybird's own examples have for it. */
  readonly TINYBIRD_SIGNING_KEY?: string | undefined;
};

/** Where `npm run build` puts the page. */
const BUILT_PAGE = join(import.meta.dirname, "../../dashboard/dist");

const DEFAULT_PORT = 7183;

const EXAMPLES = `
Examples:
  npm run build && TINYBIRD_SIGNING_KEY=… npm run cli -- dashboard --host https://api.tinybird.co
  npm run cli -- dashboard             (for the local server, which tells its own token)

The key is the workspace's admin token. It comes from the environment only (TINYBIRD_SIGNING_KEY, else TB_TOKEN), signs
a ten-minute token for the page's endpoints, and goes to no browser. Ctrl-C or SIGTERM ends with exit code 0.
`;

export function registerDashboard(program: Command): void {
  program
    .command("dashboard")
    .description("Serve the dashboard on this machine for a workspace elsewhere, such as in Tinybird Cloud")
    .option("--host <url>", "server of the endpoints (default: TB_HOST, else the local one)")
    .option("--port <port>", "port on 127.0.0.1; 0 picks a free one", port, DEFAULT_PORT)
    .option("--page <folder>", "folder of the built page", BUILT_PAGE)
    .addHelpText("after", EXAMPLES)
    .action(async (options: Options) => {
      process.exitCode = await dashboard(options);
    });
}

async function dashboard({ host, port, page }: Options): Promise<number> {
  const target = await dashboardTarget(host, process.env);
  const { signal, happened, dispose } = interruption();
  const { servePage } = await import("tb-embedded");
  const server = await servePage({ dashboard: page, host: target.host, adminToken: target.token, port });
  if (server.missing.length > 0) {
    note(`The workspace lacks ${server.missing.join(", ")}: deploy the project to see all of the page`);
  }
  if (!signal.aborted) await print(`${server.workspace} on ${target.host}: ${server.url}\n`);
  await happened;
  await server.close();
  dispose();
  return EXIT.fine;
}

/**
 * Which server, and the key that signs for it: of a local one, its own.
 * @throws {Failure} when a server that is not local was named without a key
 */
function dashboardTarget(host: string | undefined, env: DashboardEnvironment): Promise<Target> {
  const asked = host ?? env.TB_HOST;
  const key = env.TINYBIRD_SIGNING_KEY || env.TB_TOKEN;
  if (!key && asked !== undefined && !isLocal(asked, env)) {
    throw new Failure(`${asked} needs a key: set TINYBIRD_SIGNING_KEY to the workspace's admin token`);
  }
  return resolveTarget({ ...(asked !== undefined && { host: asked }) }, { ...env, TB_TOKEN: key });
}
