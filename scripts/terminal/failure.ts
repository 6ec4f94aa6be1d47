/** Exit codes of every command. Ctrl-C ends with 130, as shells have it. */
export const EXIT = { fine: 0, failed: 1, usage: 2, interrupted: 130, terminated: 143 } as const;

/** A failure whose message is one sentence for the person at the terminal; no stack trace is needed. */
export class Failure extends Error {
  readonly exitCode: number;

  constructor(message: string, options: { exitCode?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "Failure";
    this.exitCode = options.exitCode ?? EXIT.failed;
  }
}

/** What stderr shows for an error: its sentence, or with `verbose` its stack and causes too. */
export function describeError(error: unknown, verbose: boolean): string {
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  if (!verbose) return `error: ${error.message}`;
  const cause = error.cause === undefined ? "" : `\ncaused by: ${describeError(error.cause, true)}`;
  return `error: ${error.stack ?? error.message}${cause}`;
}
