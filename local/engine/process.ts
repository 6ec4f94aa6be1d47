import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { fault } from "../errors.ts";
import { EngineError, type QueryResult } from "./engine.ts";
import type { Refusal, Reply, Request } from "./messages.ts";
import { READER_SESSIONS } from "./sessions.ts";

/** Milliseconds between two heartbeats. */
const HEARTBEAT_MS = 1_000;

/** Milliseconds without an answer to a heartbeat after which the process is ended: it hangs, it will not crash by itself. */
const SILENCE_MS = 15_000;

/** Threads beside those of the sessions, for the process's own file and IPC work. */
const SPARE_THREADS = 4;

type Sent = Request extends infer R ? (R extends { id: number } ? Omit<R, "id"> : never) : never;

interface Waiting {
  resolve(result: QueryResult | null): void;
  reject(error: Error): void;
}

/** One life of the engine's process. */
export class EngineProcess {
  /** Resolves when the data directory is open. Rejects with an EngineError when it cannot be. */
  readonly ready: Promise<void>;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private readonly heartbeat: NodeJS.Timeout;
  private lastId = 0;
  private lastHeard = Date.now();

  constructor(path: string) {
    this.child = spawnEngine(path);
    this.ready = new Promise((resolve, reject) => {
      this.child.on("message", (reply: Reply) => {
        this.lastHeard = Date.now();
        if (reply.kind === "ready") resolve();
        else if (reply.kind === "failed") reject(errorOf(reply.error));
        else this.settle(reply);
      });
      this.child.once("exit", () => reject(fault("ENGINE_DOWN")));
      this.child.once("error", reject);
    });
    this.ready.catch(() => this.kill());
    this.ended = new Promise((resolve) => {
      this.child.once("close", () => {
        clearInterval(this.heartbeat);
        for (const { reject } of this.waiting.values()) reject(fault("ENGINE_DOWN"));
        this.waiting.clear();
        resolve();
      });
    });
    this.heartbeat = setInterval(() => this.listen(), HEARTBEAT_MS);
    this.heartbeat.unref();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Sends one request and waits for its answer. @throws TinybirdError ENGINE_DOWN when the process ends meanwhile */
  call(request: Sent, signal?: AbortSignal): Promise<QueryResult | null> {
    if (signal?.aborted) return Promise.reject(fault("QUERY_CANCELLED"));
    const id = ++this.lastId;
    const cancel = () => this.send({ kind: "cancel", id });
    signal?.addEventListener("abort", cancel, { once: true });
    return new Promise<QueryResult | null>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.send({ ...request, id } as Request);
    }).finally(() => signal?.removeEventListener("abort", cancel));
  }

  /** Lets the engine finish, then ends the process. */
  async close(): Promise<void> {
    await this.call({ kind: "close" }).catch(() => undefined);
    this.kill();
    await this.ended;
  }

  /** A process that holds chdb does not end by every signal: only this one is sure. */
  kill(): void {
    this.child.kill("SIGKILL");
  }

  private send(request: Request): void {
    // A process that is gone says so by its end, which rejects what waits.
    if (this.child.connected) this.child.send(request, () => undefined);
  }

  private settle(reply: Extract<Reply, { id: number }>): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (reply.kind === "done") waiting?.resolve(reply.result);
    else waiting?.reject(errorOf(reply.error));
  }

  private listen(): void {
    if (Date.now() - this.lastHeard > SILENCE_MS) this.kill();
    else void this.call({ kind: "ping" }).catch(() => undefined);
  }
}

/** Started from source the file is TypeScript, which Node reads with the help of tsx. */
function spawnEngine(path: string): ChildProcess {
  const isSource = import.meta.url.endsWith(".ts");
  const file = fileURLToPath(new URL(isSource ? "./child.ts" : "./child.js", import.meta.url));
  const loader = isSource
    ? ["--import", pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href]
    : [];
  return fork(file, [path], {
    execArgv: loader,
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: { ...process.env, UV_THREADPOOL_SIZE: String(READER_SESSIONS + 2 + SPARE_THREADS) },
  });
}

function errorOf({ message, clickhouseCode, code }: Refusal): Error {
  if (code === "QUERY_CANCELLED") return fault("QUERY_CANCELLED");
  if (code === "OVERLOADED") return fault("OVERLOADED", message);
  return new EngineError(message, clickhouseCode);
}
