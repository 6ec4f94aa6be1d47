import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { fault } from "../errors.ts";

/** Only this machine: the server hands out its own tokens. */
const HOST = "127.0.0.1";

export interface Listening {
  readonly port: number;
  readonly url: string;
  /** Ends open connections and stops listening. */
  close(): Promise<void>;
}

/**
 * Serves an application on a port; 0 picks a free one.
 * @throws TinybirdError PORT_IN_USE
 */
export async function listen(
  handle: (request: Request) => Promise<Response>,
  port: number,
): Promise<Listening> {
  const server = createServer(getRequestListener(handle));
  await started(server, port);
  const { port: actual } = server.address() as AddressInfo;
  return { port: actual, url: `http://${HOST}:${actual}`, close: () => stopped(server) };
}

function started(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "EADDRINUSE" ? fault("PORT_IN_USE", port) : error);
    });
    server.listen(port, HOST, resolve);
  });
}

/** Requests that run are answered; idle connections are ended at once. */
function stopped(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
