import { InvalidArgumentError } from "commander";

/** Commander prefixes these with the option's name and ends with exit code 2. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
  };
}

export function positiveNumber(max: number): (text: string) => number {
  return (text) => {
    const value = decimal(text);
    if (value > 0 && value <= max) return value;
    throw new InvalidArgumentError(`Expected a number above 0 and at most ${max}.`);
  };
}

export function numberFromZero(max: number): (text: string) => number {
  return (text) => {
    const value = decimal(text);
    if (value <= max) return value;
    throw new InvalidArgumentError(`Expected a number from 0 to ${max}.`);
  };
}

function decimal(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

/** A moment with its zone, such as 2026-01-31T12:00:00Z; a date alone is its midnight in UTC. */
export function moment(text: string): Date {
  const hasZone = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const value = new Date(text);
  if (hasZone && !Number.isNaN(value.getTime())) return value;
  throw new InvalidArgumentError(
    "Expected a date such as 2026-01-31 or a moment such as 2026-01-31T12:00:00Z.",
  );
}

export const port = wholeNumber(0, 65_535);
