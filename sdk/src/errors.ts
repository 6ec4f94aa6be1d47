/**
 * The one table of errors: code → message. A message says what was expected, what came and what to do. No message
 * holds the token.
 */
const messages = {
  /** An event that does not fit its data source. Nothing of it was queued. */
  INVALID_EVENT: (dataSource: string, issues: string) => `Invalid event for '${dataSource}': ${issues}`,
  /** A parameter that an endpoint does not take. No request was made. */
  INVALID_PARAMETER: (endpoint: string, issues: string) => `Invalid parameters for '${endpoint}': ${issues}`,
  /** An option of `createClient`. */
  INVALID_OPTION: (issues: string) => `Invalid client options: ${issues}`,
  /** The queue's bound is reached; the caller keeps the event. */
  QUEUE_FULL: (bytes: number, pending: number, max: number) =>
    `The queue is full: an event of ${bytes} bytes came with ${pending} of ${max} bytes pending. Wait for ready(), then send it again`,
  /** The client was closed before the call. */
  CLIENT_CLOSED: (what: string) => `The client is closed: ${what}`,
  /** `close` ran out of time. The events may have been written when their request was under way. */
  CLOSE_TIMEOUT: () => "The client was closed before the service answered for these events",
  /** A callback of the options threw. */
  CALLBACK_FAILED: (callback: string, text: string) => `The callback ${callback} failed: ${text}`,
  BAD_REQUEST: (text: string) => `The service refused the request (400): ${text}`,
  FORBIDDEN: (text: string) =>
    `The service refused the token (403): ${text}. Sending needs scope APPEND on the data source, querying READ on the endpoint`,
  NOT_FOUND: (text: string) =>
    `The service does not know the resource (404): ${text}. Check the name, and that the host is the workspace's region`,
  TIME_LIMIT: (text: string) => `The service ran out of time (408): ${text}`,
  CONFLICT: (text: string) => `The service reported a conflict (409): ${text}`,
  TOO_LARGE: (text: string) => `One event is larger than the service takes (413): ${text}`,
  PARTLY_WRITTEN: (text: string) =>
    `The events were written in part because a materialized view failed (422): ${text}. Mend the view before sending them again`,
  RATE_LIMITED: (text: string) => `The service's rate limit was reached (429): ${text}`,
  UNAVAILABLE: (status: number, text: string) => `The service is not available (${status}): ${text}`,
  UNEXPECTED_STATUS: (status: number, text: string) =>
    `The service answered with status ${status}, which was not expected: ${text}`,
  UNEXPECTED_ANSWER: (text: string) => `The service's answer was not understood: ${text}`,
  /** No connection, or it broke. */
  UNREACHABLE: (text: string) => `The service could not be reached: ${text}`,
  /** A query took longer than its `timeout`, retries included. */
  DEADLINE: (ms: number) => `The call did not end within its ${ms} ms`,
  /** Another process has the spool. */
  SPOOL_LOCKED: (folder: string, owner: string) =>
    `The spool ${folder} has an owner: ${owner}. Give each process a folder of its own, or end the other one`,
  /** The spool's disk refused. */
  SPOOL_FAILED: (path: string, text: string) => `The spool failed at ${path}: ${text}`,
  /** No full answer within `timeoutMs`. */
  TIMEOUT: (ms: number) => `The service did not answer within ${ms} ms`,
  /** A fault of this package or of an injected function. */
  INTERNAL: (text: string) => `Unexpected fault while sending: ${text}`,
} as const satisfies Record<string, (...parts: never[]) => string>;

export type ErrorCode = keyof typeof messages;
type Parts<C extends ErrorCode> = Parameters<(typeof messages)[C]>;

/** Every error of this package. Branch on `code`, or on the subclass where one carries more. */
export class SdkError extends Error {
  override readonly name: string = "SdkError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** One thing that is wrong with an input. `field` is a path such as `tags[2]`, `received` a short print of the value. */
export type Issue = { readonly field: string; readonly expected: string; readonly received: string };

/** An event, a parameter or an option that does not fit; `field`, `expected` and `received` are those of the first issue. */
export class InvalidInputError extends SdkError {
  override readonly name: string = "InvalidInputError";
  readonly issues: readonly Issue[];
  readonly field: string;
  readonly expected: string;
  readonly received: string;

  constructor(code: ErrorCode, message: string, issues: readonly Issue[]) {
    super(code, message);
    this.issues = issues;
    const [first] = issues;
    this.field = first?.field ?? "";
    this.expected = first?.expected ?? "";
    this.received = first?.received ?? "";
  }
}

/** The event does not fit the data source; nothing was queued. */
export class InvalidEventError extends InvalidInputError {
  override readonly name = "InvalidEventError";

  constructor(dataSource: string, issues: readonly Issue[]) {
    super("INVALID_EVENT", messages.INVALID_EVENT(dataSource, printIssues(issues)), issues);
  }
}

/** A parameter does not fit the endpoint; no request was made. */
export class InvalidParameterError extends InvalidInputError {
  override readonly name = "InvalidParameterError";

  constructor(endpoint: string, issues: readonly Issue[]) {
    super("INVALID_PARAMETER", messages.INVALID_PARAMETER(endpoint, printIssues(issues)), issues);
  }
}

/** An option of `createClient` is unknown or out of range. */
export class InvalidOptionError extends InvalidInputError {
  override readonly name = "InvalidOptionError";

  constructor(issues: readonly Issue[]) {
    super("INVALID_OPTION", messages.INVALID_OPTION(printIssues(issues)), issues);
  }
}

/** The queue is full; the event was not taken. Wait for `ready()` and send it again. */
export class QueueFullError extends SdkError {
  override readonly name = "QueueFullError";

  constructor(bytes: number, pendingBytes: number, maxBytes: number) {
    super("QUEUE_FULL", messages.QUEUE_FULL(bytes, pendingBytes, maxBytes));
  }
}

/** `close()` was called before. */
export class ClientClosedError extends SdkError {
  override readonly name = "ClientClosedError";

  constructor(what: string) {
    super("CLIENT_CLOSED", messages.CLIENT_CLOSED(what));
  }
}

/** The service answered with a status that is no success. `attempts` counts the requests made, retries included. */
export class ServiceError extends SdkError {
  override readonly name = "ServiceError";
  readonly status: number;
  readonly attempts: number;
  /** What the service said, as it said it. */
  readonly serverMessage: string;
  /** The parameter of the endpoint that the service complained about, where it can be told. */
  readonly parameter: string | undefined;

  constructor(status: number, text: string, attempts: number, parameter?: string) {
    super(...serviceMessage(status, attempts > 1 ? `${text} (after ${attempts} attempts)` : text));
    this.status = status;
    this.attempts = attempts;
    this.serverMessage = text;
    this.parameter = parameter;
  }

  /** The same error, about a parameter. */
  about(parameter: string): ServiceError {
    return new ServiceError(this.status, this.serverMessage, this.attempts, parameter);
  }
}

/** Makes the error of one row of the table that has no class of its own. */
export function fault<C extends ErrorCode>(code: C, parts: Parts<C>, cause?: unknown): SdkError {
  const write = messages[code] as (...parts: Parts<C>) => string;
  return new SdkError(code, write(...parts), cause);
}

const CODE_OF_STATUS = {
  400: "BAD_REQUEST",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  408: "TIME_LIMIT",
  409: "CONFLICT",
  413: "TOO_LARGE",
  422: "PARTLY_WRITTEN",
  429: "RATE_LIMITED",
} as const;

function serviceMessage(status: number, text: string): [code: ErrorCode, message: string] {
  if (isKnown(status)) return [CODE_OF_STATUS[status], messages[CODE_OF_STATUS[status]](text)];
  const code = status >= 500 ? "UNAVAILABLE" : "UNEXPECTED_STATUS";
  return [code, messages[code](status, text)];
}

const isKnown = (status: number): status is keyof typeof CODE_OF_STATUS => status in CODE_OF_STATUS;

const printIssues = (issues: readonly Issue[]) =>
  issues.map(({ field, expected, received }) => `${field}: expected ${expected}, got ${received}`).join("; ");
