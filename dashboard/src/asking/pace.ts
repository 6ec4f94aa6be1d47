/** Milliseconds of the first wait behind a failure, unless the card is asked more often. */
const FIRST_WAIT = 5000;

const LONGEST_WAIT = 60_000;

/** Milliseconds to the next question behind an answer: cards that began together drift apart. */
export function nextPoll(every: number, random: number): number {
  return every * (0.9 + 0.2 * random);
}

/** Milliseconds to the next try behind the nth failure in a row, n from 1; never before the server wants it. */
export function nextTry(failures: number, every: number, retryAfter: number, random: number): number {
  const doubled = Math.min(every, FIRST_WAIT) * 2 ** (failures - 1);
  return Math.max(retryAfter, Math.min(LONGEST_WAIT, doubled) * (0.8 + 0.4 * random));
}
