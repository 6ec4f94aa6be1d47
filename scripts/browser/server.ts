import { join } from "node:path";
import { createClient } from "@social-interactions/sdk";
import { type LocalServer, startLocal } from "tb-embedded";
import type { Interaction } from "../generate.ts";

/** The folder with the datafiles. */
const PROJECT = join(import.meta.dirname, "../..");

export interface PageServerOptions {
  /** Folder of the built page. */
  readonly dashboard: string;
  readonly rows: Iterable<Interaction>;
  /** The moment of every query. Default: the clock. */
  readonly frozenAt?: Date;
  /** Default: a free one. */
  readonly port?: number;
}

/** An embedded server with the page and these interactions in it. */
export async function startPageServer({
  rows,
  port = 0,
  ...options
}: PageServerOptions): Promise<LocalServer> {
  const server = await startLocal({ port, project: PROJECT, rateLimit: null, ...options });
  try {
    await load(server, rows);
    return server;
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function load(server: LocalServer, rows: Iterable<Interaction>): Promise<void> {
  const client = createClient({ host: server.url, token: tokenOf(server, "tracker"), wait: true });
  const { delivered, sent } = await client.socialInteractions.sendAll(rows);
  await client.close();
  if (delivered !== sent) throw new Error(`${delivered} of ${sent} interactions arrived`);
}

/** The secret of a TOKEN line of the datafiles. */
export function tokenOf(server: LocalServer, name: "tracker" | "dashboard"): string {
  const token = server.tokenNamed(name);
  if (token === null) throw new Error(`The datafiles make no token '${name}'`);
  return token;
}
