import { onTestFinished } from "vitest";
import { createClient } from "../index.ts";
import type { ClientOptions } from "../options.ts";
import { type EventsApiOptions, startEventsApi } from "./events-api.test-server.ts";

export const TOKEN = "p.secret-token";

/** A server and a client of it, both gone when the test ends. */
export async function connect(serverOptions: EventsApiOptions = {}, options: Partial<ClientOptions> = {}) {
  const server = await startEventsApi(serverOptions);
  const client = createClient({ host: server.host, token: TOKEN, warn: () => {}, ...options });
  onTestFinished(async () => {
    await client.close({ timeout: 0 }).catch(() => undefined);
    await server.close();
  });
  return { server, client, events: client.socialInteractions };
}

/** Resolves when the condition holds; the test's own time limit ends it otherwise. */
export async function until(condition: () => boolean): Promise<void> {
  // Not in a tight loop: what is waited for may run in another process on the same cores.
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}
