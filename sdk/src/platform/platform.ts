import type { Wire } from "../http/wire.ts";
import type { Spool, SpoolSettings } from "../spool/spool.ts";

/** How a request body is compressed. */
export type Encoding = "gzip" | "zstd";

/** What differs between Node and other runtimes. */
export type Platform = {
  /** Headers that say who asks: none in browsers, where one more would need a permission of the service. */
  readonly agent: Readonly<Record<string, string>>;
  /** Used when no `fetch` is injected. */
  openWire(origin: string): Wire;
  /** The encodings that `compress` knows here. */
  readonly encodings: ReadonlySet<Encoding>;
  /** Off the event loop where the platform can. */
  compress(body: Uint8Array<ArrayBuffer>, encoding: Encoding): Promise<Uint8Array<ArrayBuffer>>;
  /** Says something to the developer, where the platform says such things. */
  warn(text: string): void;
  /** Undefined where there are no files. Throws SdkError SPOOL_LOCKED, SPOOL_FAILED. */
  readonly openSpool: ((settings: SpoolSettings) => Spool) | undefined;
  /** Undefined where a program has no end that it is told of. */
  readonly exits: Exits | undefined;
};

export type Signal = "SIGTERM" | "SIGINT";

/** The ends of a process. Each registration returns its undoing. */
export type Exits = {
  /** When the process has nothing left to do; what `flush` starts keeps it alive. */
  beforeExit(flush: () => void): () => void;
  /** When one of the signals comes, once: runs `end`, then lets the signal end the process unless the application listens too. */
  onSignals(signals: readonly Signal[], end: () => Promise<void>): () => void;
};
