/** What both doors have in common. */
export type { Client, CreateClient } from "./client.ts";
export type { CloseOptions, CloseReport } from "./closing.ts";
export {
  ClientClosedError,
  type ErrorCode,
  InvalidEventError,
  InvalidInputError,
  InvalidOptionError,
  InvalidParameterError,
  type Issue,
  QueueFullError,
  SdkError,
  ServiceError,
} from "./errors.ts";
export type { Fetch } from "./http/wire.ts";
export { createJwt, type JwtOptions, type JwtScope } from "./jwt.ts";
export type { ClientOptions } from "./options.ts";
export type { DateForm, EndpointFunction, EndpointOptions, RowOf } from "./reading/endpoints.ts";
export type { CallOptions } from "./reading/query.ts";
export type { QueryResult } from "./reading/result.ts";
export type { Sql, SqlOptions, SqlStreamOptions } from "./reading/sql.ts";
export type { EventRow, QuarantineReport, ReplayReport } from "./reports.ts";
export * from "./schema.generated.ts";
export type { DataSourceClient } from "./sending/data-source.ts";
export type { QuarantineReason } from "./sending/quarantine.ts";
export type { Events, SendAllOptions, WaitOptions } from "./sending/send-all.ts";
export type { Summary } from "./sending/tally.ts";
export type { Stats } from "./stats.ts";
export type { Attributes, Meter, Span, Tracer } from "./telemetry.ts";
export {
  createTestClient,
  type Refusal,
  type TestClient,
  type TestClientOptions,
  type TestRequest,
} from "./testing/test-client.ts";
export type { Clock, Random, Sleep } from "./time.ts";
