/** The engine's own process: opens the data directory named on the command line, and answers its parent. */
import { TinybirdError } from "../errors.ts";
import { openChdb } from "./chdb.ts";
import { type Engine, EngineError } from "./engine.ts";
import type { Refusal, Reply, Request } from "./messages.ts";

const running = new Map<number, AbortController>();

function reply(message: Reply): void {
  if (process.connected) process.send?.(message);
}

function refusalOf(error: unknown): Refusal {
  const message = error instanceof Error ? error.message : String(error);
  const clickhouseCode = error instanceof EngineError ? error.clickhouseCode : null;
  const code =
    error instanceof TinybirdError && (error.code === "OVERLOADED" || error.code === "QUERY_CANCELLED")
      ? error.code
      : null;
  return { message, clickhouseCode, code };
}

async function answer(engine: Engine, request: Exclude<Request, { kind: "cancel" }>): Promise<void> {
  const { id } = request;
  const controller = new AbortController();
  running.set(id, controller);
  try {
    reply({ kind: "done", id, result: await perform(engine, request, controller.signal) });
  } catch (error) {
    reply({ kind: "refused", id, error: refusalOf(error) });
  } finally {
    running.delete(id);
  }
}

async function perform(engine: Engine, request: Request, signal: AbortSignal) {
  switch (request.kind) {
    case "query":
      return engine.query(request.sql, { ...request.options, signal });
    case "describe":
      return engine.describe(request.sql);
    case "command":
      await engine.command(request.sql, { signal });
      return null;
    case "close":
      await engine.close();
      return null;
    default:
      return null;
  }
}

function serve(engine: Engine): void {
  process.on("message", (request: Request) => {
    if (request.kind === "cancel") running.get(request.id)?.abort();
    else void answer(engine, request);
  });
  reply({ kind: "ready" });
}

/** The parent's end is this process's end: at once, because nothing acknowledged is only here. */
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
/** A terminal sends Ctrl-C to both; the parent says when to close. */
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);

try {
  serve(openChdb(process.argv[2] ?? ""));
} catch (error) {
  reply({ kind: "failed", error: refusalOf(error) });
}
