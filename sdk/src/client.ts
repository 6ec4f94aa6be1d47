import type * as z from "zod";
import { abortable } from "./abort.ts";
import { type CloseOptions, type CloseReport, closeClient } from "./closing.ts";
import { InvalidOptionError, type SdkError } from "./errors.ts";
import { RateWindow } from "./http/rate-window.ts";
import { isRetryableForEvents, isRetryableForQueries } from "./http/retry.ts";
import { createTransport } from "./http/transport.ts";
import { overFetch } from "./http/wire.ts";
import type { ClientOptions } from "./options.ts";
import type { Platform } from "./platform/platform.ts";
import {
  type DateForm,
  type Endpoint,
  type EndpointFunction,
  endpointFunction,
} from "./reading/endpoints.ts";
import { type Query, queries } from "./reading/query.ts";
import { type Sql, sqlFunction } from "./reading/sql.ts";
import { dataSources, endpoints } from "./schema.generated.ts";
import { Compressor } from "./sending/compressor.ts";
import { type DataSourceClient, dataSourceClient } from "./sending/data-source.ts";
import { createEncoder, type DataSource } from "./sending/event.ts";
import { quarantineReasons } from "./sending/quarantine.ts";
import type { WaitOptions } from "./sending/send-all.ts";
import { Sender } from "./sending/sender.ts";
import { Unheard } from "./sending/unheard.ts";
import { type Settings, settingsOf } from "./settings.ts";
import type { Spool } from "./spool/spool.ts";
import { type Stats, statsOf } from "./stats.ts";
import { eventCounter } from "./telemetry.ts";
import { uuidV7 } from "./values/uuid.ts";

type DataSourceClients<T extends Record<string, DataSource>> = {
  readonly [K in keyof T]: DataSourceClient<z.input<T[K]["row"]>>;
};
type EndpointFunctions<T extends Record<string, Endpoint>, D extends DateForm> = {
  readonly [K in keyof T]: EndpointFunction<T[K], D>;
};

/** A property for each data source, a function for each endpoint, and what belongs to the client as a whole. */
export type Client<D extends DateForm = "text"> = DataSourceClients<typeof dataSources> &
  EndpointFunctions<typeof endpoints, D> & {
    readonly sql: Sql;
    stats(): Stats;
    /** Sends what is gathered and waits until everything accepted so far, by any data source, has an outcome. */
    flush(options?: WaitOptions): Promise<void>;
    /**
     * Takes no more events, sends those it has, and closes the connections. Idempotent: later calls get the same promise.
     *
     * @param options `timeout`: milliseconds to wait (default 30,000). What has no outcome then stays in the spool, or without
     *   one is handed to `onUndeliverable` with code CLOSE_TIMEOUT. `signal`: ends the wait as if the time were over.
     */
    close(options?: CloseOptions): Promise<CloseReport>;
  };

/**
 * Makes a client. Makes no request. Throws InvalidOptionError, and with a spool SdkError SPOOL_LOCKED or SPOOL_FAILED.
 */
export type CreateClient = <D extends DateForm = "text">(options: ClientOptions<D>) => Client<D>;

export const clientFactory =
  (platform: Platform): CreateClient =>
  <D extends DateForm>(options: ClientOptions<D>) => {
    const settings = settingsOf(options);
    const { fetch } = settings;
    const openWire = fetch ? (origin: string) => overFetch(origin, fetch) : platform.openWire;
    const transport = createTransport(settings, openWire, platform.agent);
    const ending = new AbortController();
    const base = { ...settings, transport };
    const unheard = new Unheard(settings.warn ?? platform.warn);
    const query = queries(
      { ...base, ...callState(settings), isRetryable: isRetryableForQueries },
      ending.signal,
    );
    const forEvents = {
      ...base,
      ...callState(settings),
      isRetryable: isRetryableForEvents,
      compressor: new Compressor(platform, settings.compression),
      reasons: quarantineReasons(query),
      countEvents: eventCounter(settings.meter),
      unheard,
    };
    const spool = openSpool(platform, settings);
    const sender = new Sender(settings, forEvents, ending.signal, spool);
    const exits = watchExits(platform, settings, {
      flush: () => {
        if (sender.totals.pending > 0) void sender.flush().catch(() => undefined);
      },
      close: (timeout) => client.close({ timeout }),
    });
    const end = once(async (given: CloseOptions) => {
      try {
        return await closeClient(sender, settings, given, ending, () => transport.close());
      } finally {
        exits();
        spool?.close();
      }
    });
    const client = {
      ...sendingClients(settings, sender, unheard),
      ...readingFunctions(settings, query),
      sql: sqlFunction(query),
      stats: () => statsOf(sender, forEvents.counts),
      flush: ({ signal }: WaitOptions = {}) => abortable(sender.flush(), signal),
      close: (given: CloseOptions = {}) => end(given),
    };
    // The entries are those of the schema, in the date form of the options.
    return client as unknown as Client<D>;
  };

function sendingClients(settings: Settings, sender: Sender, unheard: Unheard) {
  const { clock, random, validate, spool } = settings;
  const nextId = uuidV7(clock, random);
  return mapValues(dataSources, (source) => {
    const warn = (_: unknown, error: SdkError) => unheard.rejected(source.name, error);
    const options = { durable: spool?.durable === true, onRejected: settings.onRejected ?? warn };
    return dataSourceClient(source.name, createEncoder(source, validate, nextId), sender, options);
  });
}

const readingFunctions = ({ validate, dates }: Settings, query: Query) =>
  mapValues<Endpoint, unknown>(endpoints, (endpoint) => endpointFunction(endpoint, validate, dates, query));

/** Events and queries have limits of their own at the service, so each keeps its own window. */
const callState = ({ maxRequestsPerSecond, clock, sleep }: Settings) => ({
  window: new RateWindow(maxRequestsPerSecond, clock, sleep),
  counts: { requests: 0, retries: 0, rateLimited: 0 },
});

function openSpool({ openSpool }: Platform, { spool }: Settings): Spool | undefined {
  if (spool === undefined) return undefined;
  if (openSpool !== undefined) return openSpool(spool);
  const expected = "no spool, for this runtime has no files";
  throw new InvalidOptionError([{ field: "spool", expected, received: `the folder ${spool.dir}` }]);
}

type Ends = { readonly flush: () => void; readonly close: (timeout: number) => Promise<unknown> };

/** Returns its undoing. */
function watchExits({ exits }: Platform, { exit }: Settings, { flush, close }: Ends): () => void {
  if (exits === undefined) return () => {};
  const undo = [
    ...(exit.beforeExit ? [exits.beforeExit(flush)] : []),
    ...(exit.signals.length > 0
      ? [exits.onSignals(exit.signals, () => close(exit.timeoutMs).then(() => undefined))]
      : []),
  ];
  return () => {
    for (const one of undo) one();
  };
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
