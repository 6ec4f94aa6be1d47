/** From here on a count is rounded: 16.4K. */
const EXACT_BELOW = 10_000;

/** From here on a ratio has no decimal. */
const DECIMAL_BELOW = 100;

const exact = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const decimal = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** What stands where there is no number. */
export const NOTHING = "–";

type Maybe = number | null | undefined;

const isNumber = (value: Maybe): value is number => typeof value === "number" && Number.isFinite(value);

/** `9,999`, `16.4K`; a dash for what is no number. */
export function count(value: Maybe): string {
  if (!isNumber(value)) return NOTHING;
  return Math.abs(value) < EXACT_BELOW ? exact.format(value) : compact.format(value);
}

/** Every digit, for tables and readers. */
export function whole(value: Maybe): string {
  return isNumber(value) ? exact.format(value) : NOTHING;
}

/** `2.3`, `1.0`, `107`: means, z and the like. */
export function ratio(value: Maybe): string {
  if (!isNumber(value)) return NOTHING;
  // 99.96 would be printed as 100.0.
  return Math.abs(value) < DECIMAL_BELOW - 0.05 ? decimal.format(value) : count(Math.round(value));
}

/** A number in a table: whole ones with every digit, others with one decimal. */
export function number(value: Maybe): string {
  return isNumber(value) && !Number.isInteger(value) ? decimal.format(value) : whole(value);
}
