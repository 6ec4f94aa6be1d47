import type { Interaction } from "../generate.ts";

/** A content that gets far more attention than usual. */
interface Surge {
  /** Its place among the contents of the last day, the most popular first: 0 to … */
  readonly rank: number;
  /** Interactions more. */
  readonly rows: number;
  /** Minutes before the moment at which it began. */
  readonly minutes: number;
}

/** From what everybody looks at down to what is hardly unusual. */
const SURGES: readonly Surge[] = [
  { rank: 11, rows: 86, minutes: 60 },
  { rank: 64, rows: 54, minutes: 40 },
  { rank: 38, rows: 41, minutes: 75 },
  { rank: 17, rows: 34, minutes: 50 },
  { rank: 90, rows: 20, minutes: 45 },
  { rank: 52, rows: 15, minutes: 90 },
  { rank: 29, rows: 12, minutes: 55 },
  { rank: 75, rows: 9, minutes: 120 },
];

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

/** One of so many rows comes from a bot, and one of so many is sent twice. */
const BOT_EVERY = 32;
const TWICE_EVERY = 40;

/** The rows, with what a page is for: contents that surge, some bots, some rows that came twice. */
export function* surging(rows: readonly Interaction[], moment: Date): Generator<Interaction> {
  const end = moment.getTime();
  const day = rows.filter((row) => millisecondsOf(row) > end - DAY_MS && millisecondsOf(row) <= end);
  const contents = mostPopularFirst(day);
  for (const [index, row] of rows.entries()) {
    const sent = index % BOT_EVERY === 0 ? { ...row, user_id: `bot_${row.user_id}` } : row;
    yield sent;
    if (index % TWICE_EVERY === 0) yield sent;
  }
  for (const surge of SURGES) yield* more(contents[surge.rank] ?? [], day, surge, end);
}

/** The same content again and again, the faster the nearer the moment, each time by somebody else. */
function* more(
  content: readonly Interaction[],
  others: readonly Interaction[],
  { rank, rows, minutes }: Surge,
  end: number,
): Generator<Interaction> {
  for (let n = 0; n < rows && content.length > 0; n++) {
    const like = content[n % content.length];
    const user_id = others[(rank * 977 + n * 131) % others.length]?.user_id;
    if (like === undefined || user_id === undefined) return;
    const behind = minutes * MINUTE_MS * (1 - Math.sqrt((n + 0.5) / rows));
    const timestamp = new Date(end - behind).toISOString().slice(0, 19).replace("T", " ");
    yield { ...like, interaction_id: `surge_${rank}_${n}`, user_id, timestamp };
  }
}

/** The rows by content. */
function mostPopularFirst(rows: readonly Interaction[]): readonly (readonly Interaction[])[] {
  const contents = new Map<string, Interaction[]>();
  for (const row of rows) contents.set(row.content_id, [...(contents.get(row.content_id) ?? []), row]);
  return [...contents.values()].toSorted((a, b) => b.length - a.length);
}

function millisecondsOf({ timestamp }: Interaction): number {
  return Date.parse(`${timestamp.replace(" ", "T")}Z`);
}
