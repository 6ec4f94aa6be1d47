import { setTimeout as delay } from "node:timers/promises";
import { fault } from "../errors.ts";
import {
  type CommandOptions,
  type Engine,
  EngineError,
  type QueryOptions,
  type QueryResult,
} from "./engine.ts";
import { EngineProcess } from "./process.ts";

/** Milliseconds that a statement waits for an engine that starts again; a start takes a quarter of a second. */
const RESTART_PATIENCE_MS = 5_000;

/** Milliseconds before a start that follows a failed one: the first wait, and the longest. */
const RETRY_DELAY_MS = { first: 100, longest: 5_000 } as const;

/**
 * The engine in a process of its own: what ends that process (a crash, memory, a kill) ends no other, and it is started
 * again. Statements in flight are then refused with ENGINE_DOWN.
 */
class IsolatedEngine implements Engine {
  private readonly path: string;
  private process: EngineProcess;
  /** Resolves with the process once it is ready; replaced when it ends. */
  private alive: Promise<EngineProcess>;
  private closing: Promise<void> | null = null;

  constructor(path: string, first: EngineProcess) {
    this.path = path;
    this.process = first;
    this.alive = Promise.resolve(first);
    this.watch(first);
  }

  /** The process that runs now; undefined between two. */
  get pid(): number | undefined {
    return this.process.pid;
  }

  async query(sql: string, { signal, ...options }: QueryOptions = {}): Promise<QueryResult> {
    return answered(await (await this.available()).call({ kind: "query", sql, options }, signal));
  }

  async describe(sql: string): Promise<QueryResult> {
    return answered(await (await this.available()).call({ kind: "describe", sql }));
  }

  async command(sql: string, { signal }: CommandOptions = {}): Promise<void> {
    const process = await this.available();
    await process.call({ kind: "command", sql }, signal);
  }

  close(): Promise<void> {
    this.closing ??= this.alive.then((process) => process.close()).catch(() => undefined);
    return this.closing;
  }

  /** @throws TinybirdError ENGINE_DOWN when no engine is ready in time */
  private async available(): Promise<EngineProcess> {
    if (this.closing !== null) throw fault("ENGINE_DOWN");
    const patience = new AbortController();
    const late = delay(RESTART_PATIENCE_MS, null, { ref: false, signal: patience.signal }).catch(() => null);
    const process = await Promise.race([this.alive, late]);
    patience.abort();
    if (process === null) throw fault("ENGINE_DOWN");
    return process;
  }

  private watch(process: EngineProcess): void {
    void process.ended.then(() => {
      if (this.closing !== null) return;
      this.alive = this.restart();
      this.alive.catch(() => undefined);
    });
  }

  /** Tries until an engine is ready: a full disk may get room, another owner may go. */
  private async restart(): Promise<EngineProcess> {
    for (let pause: number = RETRY_DELAY_MS.first; ; pause = Math.min(pause * 2, RETRY_DELAY_MS.longest)) {
      this.process = new EngineProcess(this.path);
      try {
        await this.process.ready;
        this.watch(this.process);
        return this.process;
      } catch {
        if (this.closing !== null) throw fault("ENGINE_DOWN");
        await delay(pause, undefined, { ref: false });
      }
    }
  }
}

function answered(result: QueryResult | null): QueryResult {
  if (result === null) throw new EngineError("the engine answered a query without a result", null);
  return result;
}

export type { IsolatedEngine };

/**
 * Opens the data directory in a process of its own.
 * @throws EngineError when another process holds it or it cannot be written.
 */
export async function openIsolated(path: string): Promise<IsolatedEngine> {
  const process = new EngineProcess(path);
  await process.ready;
  return new IsolatedEngine(path, process);
}
