import type { Budget } from "../limits.ts";
import { dict, list, type Value } from "./value.ts";

/** Plain data of a request as a value; null, undefined and what JSON cannot hold are None. */
export function fromPlain(data: unknown, budget: Budget): Value {
  switch (typeof data) {
    case "string":
    case "boolean":
    case "bigint":
      return data;
    case "number":
      return Number.isInteger(data) ? BigInt(data) : data;
    case "object":
      return data === null ? null : budget.inside(() => structure(data, budget));
    default:
      return null;
  }
}

function structure(data: object, budget: Budget): Value {
  if (Array.isArray(data)) return list(data.map((item) => fromPlain(item, budget)));
  return dict(
    Object.entries(data).map(([key, value]) => [key, fromPlain(value, budget)]),
    budget,
  );
}
