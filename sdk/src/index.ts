/** The door of `@social-interactions/sdk`: everything else may change without notice. */
export { type Client, type CloseReport, createClient, type Stats } from "./client.ts";
export type { DataSourceClient, SendAllOptions } from "./data-source.ts";
export type { CallOptions, EndpointFunction, QueryResult, Sql, SqlOptions } from "./endpoints.ts";
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
export {
  dataSources,
  endpoints,
  type SocialInteraction,
  type SocialInteractionRow,
} from "./schema.generated.ts";
export type { ClientOptions, Clock, QuarantineReport, Random, Sleep } from "./settings.ts";
export type { Summary } from "./tally.ts";
export type { Fetch } from "./transport.ts";
