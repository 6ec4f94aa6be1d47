import type { z } from "zod";
import type { CallContext } from "./call.ts";
import { type DataSourceClient, dataSourceClient } from "./data-source.ts";
import {
  type Endpoint,
  type EndpointFunction,
  endpointFunction,
  queries,
  type Sql,
  sqlFunction,
} from "./endpoints.ts";
import { ClientClosedError, fault } from "./errors.ts";
import { createEncoder, type DataSource } from "./event.ts";
import { RateWindow } from "./rate-window.ts";
import { RETRYABLE_FOR_EVENTS, RETRYABLE_FOR_QUERIES } from "./retry.ts";
import { dataSources, endpoints } from "./schema.generated.ts";
import { Sender } from "./sender.ts";
import { type ClientOptions, type Settings, settingsOf } from "./settings.ts";
import type { Summary } from "./tally.ts";
import { createTransport } from "./transport.ts";
import { uuidV7 } from "./uuid.ts";

/** `close` waits this long for events under way unless told otherwise. */
const CLOSE_TIMEOUT_MS = 30_000;

/** Counts over the life of a client; `accepted = delivered + quarantined + undeliverable + pending` at any time. */
export type Stats = {
  /** Events that were queued. */
  readonly accepted: number;
  readonly delivered: number;
  readonly quarantined: number;
  /** Events that were not queued: invalid, or refused because the queue was full. */
  readonly rejected: number;
  readonly undeliverable: number;
  /** Events without an outcome yet, and their encoded bytes. */
  readonly pending: number;
  readonly pendingBytes: number;
  /** Batches that were closed and queued, before any was cut because the service found it too large. */
  readonly batches: number;
  /** Requests with events, those that repeat one, and answers 429. */
  readonly requests: number;
  readonly retries: number;
  readonly rateLimited: number;
};

/** The counts over the life of the client, when it ends. */
export type CloseReport = Summary & {
  /** Of the undeliverable: events given up because the time ran out. Some may have been written. */
  readonly remained: number;
};

type DataSourceClients<T extends Record<string, DataSource>> = {
  readonly [K in keyof T]: DataSourceClient<z.input<T[K]["row"]>>;
};
type EndpointFunctions<T extends Record<string, Endpoint>> = {
  readonly [K in keyof T]: EndpointFunction<T[K]>;
};

/** A property for each data source, a function for each endpoint, and what belongs to the client as a whole. */
export type Client = DataSourceClients<typeof dataSources> &
  EndpointFunctions<typeof endpoints> & {
    readonly sql: Sql;
    stats(): Stats;
    /**
     * Takes no more events, sends those it has, and closes the connections. Idempotent: later calls get the same promise.
     *
     * @param options `timeout`: milliseconds to wait (default 30,000). What has no outcome then is handed to `onUndeliverable`
     *   with code CLOSE_TIMEOUT.
     */
    close(options?: { readonly timeout?: number }): Promise<CloseReport>;
  };

/** Throws InvalidOptionError. Makes no request. */
export function createClient(options: ClientOptions): Client {
  const settings = settingsOf(options);
  const transport = createTransport(settings);
  const ending = new AbortController();
  const base = { ...settings, transport };
  const forEvents: CallContext = { ...base, ...callState(settings), retryable: RETRYABLE_FOR_EVENTS };
  const forQueries: CallContext = { ...base, ...callState(settings), retryable: RETRYABLE_FOR_QUERIES };
  const sender = new Sender(settings, forEvents, ending.signal);
  const nextId = uuidV7(settings.clock, settings.random);
  const query = queries(forQueries, ending.signal);
  const end = once((timeout: number) =>
    closeClient(sender, settings, timeout, ending, () => transport.close()),
  );

  return {
    ...(mapValues(dataSources, (source) =>
      dataSourceClient(source.name, createEncoder(source, settings.validate, nextId), sender),
    ) as DataSourceClients<typeof dataSources>),
    ...(mapValues(endpoints, (endpoint) =>
      endpointFunction(endpoint, settings.validate, query),
    ) as EndpointFunctions<typeof endpoints>),
    sql: sqlFunction(query),
    stats: () => statsOf(sender, forEvents),
    close: ({ timeout = CLOSE_TIMEOUT_MS } = {}) => end(timeout),
  };
}

/** Events and queries have limits of their own at the service, so each keeps its own window. */
const callState = ({ maxRequestsPerSecond, clock, sleep }: Settings) => ({
  window: new RateWindow(maxRequestsPerSecond, clock, sleep),
  counts: { requests: 0, retries: 0, rateLimited: 0 },
});

function statsOf(sender: Sender, { counts }: CallContext): Stats {
  const { accepted, delivered, quarantined, rejected, undeliverable, pending } = sender.totals;
  const { pendingBytes, batches } = sender;
  return {
    accepted,
    delivered,
    quarantined,
    rejected,
    undeliverable,
    pending,
    pendingBytes,
    batches,
    ...counts,
  };
}

async function closeClient(
  sender: Sender,
  { sleep }: Settings,
  timeout: number,
  ending: AbortController,
  disconnect: () => Promise<void>,
): Promise<CloseReport> {
  sender.stop();
  const drained = sender.flush();
  const remained = await remainingAfter(drained, timeout, sender, sleep);
  ending.abort(remained > 0 ? fault("CLOSE_TIMEOUT", []) : new ClientClosedError("no query can run"));
  try {
    await drained;
  } finally {
    await disconnect();
  }
  return { ...sender.totals.summary(), remained };
}

/** Events without an outcome when everything is drained (none) or the time is up. */
async function remainingAfter(
  drained: Promise<void>,
  timeout: number,
  sender: Sender,
  sleep: Settings["sleep"],
): Promise<number> {
  const timer = new AbortController();
  const settled = drained.catch(() => undefined).then(() => 0);
  const late = sleep(timeout, timer.signal).then(() => sender.totals.pending);
  const remained = await Promise.race([settled, late]);
  timer.abort();
  return remained;
}

function once<A, R>(run: (argument: A) => R): (argument: A) => R {
  let result: { readonly value: R } | undefined;
  return (argument) => {
    result ??= { value: run(argument) };
    return result.value;
  };
}

const mapValues = <V, R>(entries: Readonly<Record<string, V>>, map: (value: V) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, map(value)]));
