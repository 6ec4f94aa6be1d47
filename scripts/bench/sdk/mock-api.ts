/**
 * A mock of the Events API in a process of its own, so that what is measured is the client alone. It counts rows per id, so lost
 * and doubled events are exact. Told by IPC: `{ fault }` sets the fault of every tenth request and forgets the counts,
 * `{ open }` opens or closes the port, `{ report: true }` asks for the counts.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { Fault, MockReport, Order } from "./mock.ts";

const unzip = promisify(gunzip);

/** The third request and every tenth from there. */
const FAULT_EVERY = 10;
const FAULT_AT = 2;
const STALL_MS = 30_000;
const SLOW_MS = 2_000;
const TOO_LARGE_BYTES = 100_000;

let fault: Fault = "none";
let requests = 0;
let faults = 0;
let rows = 0;
let ids: Set<string> | undefined;

const server = createServer((request, response) => {
  handle(request, response).catch(() => response.destroy());
});

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const isHit = requests % FAULT_EVERY === FAULT_AT;
  requests += 1;
  const now = isHit ? fault : "none";
  if (now === "drop before the body") {
    faults += 1;
    request.socket.destroy();
    return;
  }
  const body = await bodyOf(request);
  if (fault === "413 above 100 kB" && body.length > TOO_LARGE_BYTES) return refuse(response, 413);
  switch (now) {
    case "429 with Retry-After":
      return refuse(response, 429, { "retry-after": "1" });
    case "500":
      return refuse(response, 500);
    case "503":
      return refuse(response, 503);
    case "30 s stall":
      faults += 1;
      setTimeout(() => response.destroy(), STALL_MS).unref();
      return;
    case "2 s slowness":
      faults += 1;
      await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
  }
  const taken = take(body);
  if (now === "drop after the body") {
    faults += 1;
    response.destroy();
    return;
  }
  response.writeHead(200, { "content-type": "application/json" });
  response.end(`{"successful_rows":${taken},"quarantined_rows":0}`);
}

function refuse(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  faults += 1;
  response.writeHead(status, headers).end('{"error":"a fault of the mock"}');
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers["content-encoding"] === "gzip" ? await unzip(body) : body;
}

function take(body: Buffer): number {
  let taken = 0;
  for (let at = body.indexOf(10); at !== -1; at = body.indexOf(10, at + 1)) taken += 1;
  rows += taken;
  if (ids !== undefined) {
    for (const [, id = ""] of body.toString().matchAll(/"interaction_id":"([^"]+)"/g)) ids.add(id);
  }
  return taken;
}

let port = 0;
async function open(): Promise<void> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
}

async function close(): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

process.on("message", async (order: Order) => {
  if (order.fault !== undefined) {
    fault = order.fault;
    requests = faults = rows = 0;
    ids = order.countIds === true ? new Set() : undefined;
  }
  if (order.open === true) await open();
  if (order.open === false) await close();
  const report: MockReport = { port, requests, faults, rows, unique: ids?.size ?? rows };
  process.send?.(report);
});
process.on("disconnect", () => process.exit());
