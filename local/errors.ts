/**
 * The one table of errors: code → HTTP status and message. A message says what was expected, what came, and where.
 * Every room throws `TinybirdError` through `fault`; `http/app.ts` is the one place that turns it into a response.
 */
const table = {
  /** A template that cannot be scanned, parsed or rendered; the text is the reference engine's own. */
  TEMPLATE: { status: 400, message: (text: string) => text },
  /** A datafile that breaks a rule of its grammar. */
  INVALID_DATAFILE: { status: 400, message: (text: string) => text },
} as const satisfies Record<string, { status: number; message: (...parts: never[]) => string }>;

export type ErrorCode = keyof typeof table;

/** What a caller can be told about a failed call. `body` replaces the usual `{ error }` object when a pipe says so. */
export class TinybirdError extends Error {
  override readonly name = "TinybirdError";
  readonly code: ErrorCode;
  readonly status: number;
  readonly body?: unknown;

  constructor(
    code: ErrorCode,
    status: number,
    message: string,
    options: { cause?: unknown; body?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.status = status;
    if (options.body !== undefined) this.body = options.body;
  }
}

/** Makes the error of one row of the table. */
export function fault<C extends ErrorCode>(
  code: C,
  ...parts: Parameters<(typeof table)[C]["message"]>
): TinybirdError {
  const row = table[code];
  const message = (row.message as (...parts: unknown[]) => string)(...parts);
  return new TinybirdError(code, row.status, message);
}
