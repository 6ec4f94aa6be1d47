import { drawInteractions, type Interaction, scene } from "./interactions/interaction.ts";

export type { Interaction } from "./interactions/interaction.ts";

export type GenerateOptions = {
  /** Number of interactions, a whole number from 0 to 100,000,000. */
  readonly events: number;
  /** Whole number from 0 to 2^32 - 1; equal options give equal interactions. */
  readonly seed: number;
  /** Length of the window before `asOf`, in hours: above 0, at most 8,784 (366 days). */
  readonly hours: number;
  /** End of the window; no interaction is later. Cut to whole seconds. */
  readonly asOf: Date;
};

const HOUR_MS = 3_600_000;
const MAX_EVENTS = 100_000_000;
const MAX_SEED = 2 ** 32 - 1;
const MAX_HOURS = 366 * 24;
/** Rows drawn at a time: seeding costs as much as some fifty rows, and a block stays small in memory. */
const BLOCK_ROWS = 1_000;

/**
 * Made-up social interactions in order of time, drawn lazily. Contents and users have Zipf-like popularity, each content
 * belongs to one platform with its own text and tags, traffic follows the hours of the day and has a few bursts.
 * @throws {RangeError} when an option is outside its range.
 */
export function* generateInteractions(options: GenerateOptions): Generator<Interaction, void, undefined> {
  const { events, seed, hours } = options;
  const end = checkedEnd(options);
  if (events === 0) return;
  // The times are cut to whole seconds when printed, so the window starts a second late to hold the first one.
  const start = Math.min(end - 1, end - hours * HOUR_MS + 999);
  const of = scene(seed, events, start, end);
  for (let first = 0; first < events; first += BLOCK_ROWS) {
    const key = [seed, events, Math.round(hours * 3_600), Math.floor(end / 1_000), first / BLOCK_ROWS];
    yield* drawInteractions(of, first, Math.min(BLOCK_ROWS, events - first), key);
  }
}

/** So few that fewer have the same people and contents all the same. */
const LEAST_EVENTS = 250;
/** Hours of a round of `interactionsAfter`: short, so that its bursts are. */
const ROUND_HOURS = 1;

/**
 * What comes after `generateInteractions` with the same options, without an end: the same people and contents, other
 * bursts. The timestamps are for the caller to set.
 * @throws {RangeError} when an option is outside its range.
 */
export function* interactionsAfter(
  options: Omit<GenerateOptions, "hours">,
): Generator<Interaction, void, undefined> {
  const { seed, asOf } = options;
  const events = Math.max(LEAST_EVENTS, options.events);
  for (let round = 1; ; round++) {
    const end = new Date(asOf.getTime() + round * ROUND_HOURS * HOUR_MS);
    yield* generateInteractions({ events, seed, hours: ROUND_HOURS, asOf: end });
  }
}

function checkedEnd({ events, seed, hours, asOf }: GenerateOptions): number {
  requireWhole("events", events, MAX_EVENTS);
  requireWhole("seed", seed, MAX_SEED);
  if (!(hours > 0 && hours <= MAX_HOURS)) {
    throw new RangeError(`hours must be above 0 and at most ${MAX_HOURS}, got ${hours}`);
  }
  if (Number.isNaN(asOf.getTime())) throw new RangeError("asOf must be a valid date");
  return Math.floor(asOf.getTime() / 1_000) * 1_000;
}

function requireWhole(name: string, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new RangeError(`${name} must be a whole number from 0 to ${max}, got ${value}`);
  }
}
