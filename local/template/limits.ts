import { refusal } from "./faults.ts";

/** Steps one rendering may use: one for each expression evaluated and each item visited. Ours: well under a second. */
export const MAX_WORK = 1_000_000;
/** Characters read or made for the price of one step. Ours, from measuring both. */
const CHARACTERS_PER_STEP = 16;
/** Steps that catching a failure costs: making one, with its stack, is that much slower than the rest. */
const CATCH_COST = 100;
/** Characters one rendering may print. Ours: far above ClickHouse's default `max_query_size` of 262,144 bytes. */
export const MAX_OUTPUT_CHARACTERS = 4_000_000;
/** Blocks inside blocks. Python refuses more than 100 levels of indentation. */
export const MAX_BLOCK_DEPTH = 100;
/** Expressions inside expressions; Python's own parser gives up near 200. */
export const MAX_EXPRESSION_HEIGHT = 150;
/** Values inside values, as seen by printing and comparing; also stops a list that holds itself. */
export const MAX_VALUE_DEPTH = 100;
/** Digits of a whole number. The widest column type, 256 bits, needs 78. */
export const MAX_DIGITS = 1_000;
/** The same bound for results of arithmetic, in bits (1,000 digits × log2(10)). */
export const MAX_BITS = 3_322;

/** What one rendering may still spend. Exceeding it is final: a template's `except` does not see it. */
export class Budget {
  #left = MAX_WORK;
  #depth = 0;

  /** Pays `cost` units before the work is done, so that nothing large is ever built. */
  spend(cost: number): void {
    this.#left -= cost;
    if (!(this.#left >= 0)) {
      throw refusal(
        `the template needs more than ${MAX_WORK} steps; look for a loop that does not end, or for a very large text`,
      );
    }
  }

  /** Pays for reading or making that many characters. */
  spendCharacters(count: number): void {
    this.spend(count / CHARACTERS_PER_STEP);
  }

  spendCatch(): void {
    this.spend(CATCH_COST);
  }

  /** Runs `visit` one level deeper inside a value. */
  inside<T>(visit: () => T): T {
    this.spend(1);
    if (this.#depth >= MAX_VALUE_DEPTH) {
      throw refusal(`a value is nested more than ${MAX_VALUE_DEPTH} levels deep`);
    }
    this.#depth += 1;
    try {
      return visit();
    } finally {
      this.#depth -= 1;
    }
  }
}
