const HEX_DIGITS = 16;
/** The counter has 12 bits; a new millisecond starts it in the lower half, so 2,048 ids fit before it borrows time. */
const COUNTER_MAX = 0xfff;
const COUNTER_START = 0x800;

/**
 * A maker of UUID v7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, a 12-bit counter (section 6.2, method 1), 62 random bits.
 * The ids of one maker always grow, also within a millisecond and when the clock steps back.
 *
 * @param clock Milliseconds since 1970.
 * @param random A number from 0 (included) to 1 (excluded), at least 31 bits of it random.
 */
export function uuidV7(clock: () => number, random: () => number): () => string {
  let time = -1;
  let prefix = "";
  let counter = COUNTER_MAX;

  const startMillisecond = (next: number, count: number) => {
    time = next;
    counter = count;
    const digits = hex(next, 12);
    prefix = `${digits.slice(0, 8)}-${digits.slice(8)}-7`;
  };

  return () => {
    const now = Math.floor(clock());
    if (now > time) startMillisecond(now, Math.floor(random() * COUNTER_START));
    else if (counter === COUNTER_MAX) startMillisecond(time + 1, 0);
    else counter += 1;
    const variant = 0x8000 + Math.floor(random() * 0x4000);
    const tail = Math.floor(random() * 2 ** 24) * 2 ** 24 + Math.floor(random() * 2 ** 24);
    return `${prefix}${hex(counter, 3)}-${variant.toString(HEX_DIGITS)}-${hex(tail, 12)}`;
  };
}

const hex = (value: number, digits: number) => value.toString(HEX_DIGITS).padStart(digits, "0");

/** Words drawn from the system at a time: one call per number would cost more than the id. */
const POOL_WORDS = 1024;

/** Numbers from 0 to 1 with 32 random bits, of cryptographic quality: an id that comes twice would hide an event. */
export function secureRandom(): () => number {
  const pool = new Uint32Array(POOL_WORDS);
  let next = POOL_WORDS;
  return () => {
    if (next >= POOL_WORDS) {
      globalThis.crypto.getRandomValues(pool);
      next = 0;
    }
    const word = pool[next] ?? 0;
    next += 1;
    return word / 2 ** 32;
  };
}
