import { type Token, tokenizeSql } from "./sql/tokens.ts";

const DAY_SECONDS = 86_400;

/** What stands in place of a function that reads the clock, up to its arguments. */
const FROZEN: Readonly<Record<string, (seconds: number) => { head: string; without: string }>> = {
  now: (seconds) => ({ head: `toDateTime(${seconds}`, without: "" }),
  current_timestamp: (seconds) => ({ head: `toDateTime(${seconds}`, without: "" }),
  now64: (seconds) => ({ head: `toDateTime64(${seconds}`, without: ", 3" }),
  today: (seconds) => ({ head: `toDate(${Math.floor(seconds)}`, without: "" }),
  yesterday: (seconds) => ({ head: `toDate(${Math.floor(seconds) - DAY_SECONDS}`, without: "" }),
};

/** The same SQL in which `now()` and its like are one moment, for tests that shall hold tomorrow. */
export function freezeClock(sql: string, moment: Date): string {
  const tokens = tokenizeSql(sql).filter(({ kind }) => kind !== "comment");
  let frozen = sql;
  for (let at = tokens.length - 3; at >= 0; at--) {
    const [name, open, next] = tokens.slice(at, at + 3) as [Token, Token, Token];
    const replacement = FROZEN[name.text.toLowerCase()];
    if (name.kind !== "word" || open.text !== "(" || replacement === undefined) continue;
    const seconds = moment.getTime() / 1_000;
    const { head, without } = replacement(
      name.text.toLowerCase() === "now64" ? seconds : Math.floor(seconds),
    );
    const rest = next.text === ")" ? without : ", ";
    frozen = `${frozen.slice(0, name.start)}${head}${rest}${frozen.slice(open.end)}`;
  }
  return frozen;
}
