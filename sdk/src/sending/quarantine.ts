import { ServiceError } from "../errors.ts";
import type { Query } from "../reading/query.ts";

/** Why rows are in quarantine: so many rows with this reason for this column. */
export type QuarantineReason = { readonly column: string; readonly reason: string; readonly rows: number };

/** Reads the reasons of the newest `count` rows in quarantine; undefined when the token may not, or the service cannot say. */
export type ReadReasons = (
  dataSource: string,
  count: number,
) => Promise<readonly QuarantineReason[] | undefined>;

/** Reasons are a courtesy: they must not hold up the delivery. */
const TIMEOUT_MS = 5_000;

export function quarantineReasons(query: Query): ReadReasons {
  let refused = false;
  return async (dataSource, count) => {
    if (refused) return undefined;
    try {
      return readReasons(await query.sql(reasonsSql(dataSource, count), { timeout: TIMEOUT_MS }));
    } catch (error) {
      // A token for sending alone: it will not do better the next time.
      refused = error instanceof ServiceError && error.status === 403;
      return undefined;
    }
  };
}

/** The quarantine does not say which request a row came with: other senders' rows of the same moment may be among these. */
const reasonsSql = (dataSource: string, count: number) => `
  SELECT column, reason, count() AS rows
  FROM (
    SELECT c__error_column, c__error
    FROM ${dataSource}_quarantine
    ORDER BY insertion_date DESC
    LIMIT ${count}
  )
  ARRAY JOIN c__error_column AS column, c__error AS reason
  GROUP BY column, reason
  ORDER BY rows DESC, column, reason
  LIMIT 20`;

function readReasons(rows: readonly unknown[]): readonly QuarantineReason[] {
  return rows.map((row) => {
    const { column, reason, rows: count } = row as Record<string, unknown>;
    return { column: String(column), reason: String(reason), rows: Number(count) };
  });
}
