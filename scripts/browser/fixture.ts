import { generateInteractions, type Interaction } from "../generate.ts";

/** The moment at which the page is looked at: a Monday, so that the week before is whole. */
export const AS_OF = new Date("2026-11-23T08:25:00Z");

const MINUTE_MS = 60_000;

/** Four weeks, as far as the heatmap looks back, and three busy days at their end. */
const MONTH = { events: 8_000, seed: 28, hours: 28 * 24, asOf: AS_OF } as const;
const DAYS = { events: 12_000, seed: 3, hours: 72, asOf: AS_OF } as const;

/** Text that would be markup, script or another direction, if the page took it for more than text. */
export const HOSTILE_TEXTS = {
  content_markup: "<img src=x onerror=\"document.title='taken'\"> <b>bold</b> & {{ braces }}",
  content_rtl: "مرحبا بالعالم \u202e drow siht",
} as const;

/** Equal interactions each time: generated ones, and two contents of the last minutes with hostile texts. */
export function* fixtureInteractions(): Generator<Interaction, void, undefined> {
  yield* generateInteractions(MONTH);
  yield* generateInteractions(DAYS);
  for (const [index, content] of (["content_markup", "content_rtl"] as const).entries()) {
    for (let n = 0; n < 30; n++) yield hostileInteraction(content, n, index);
  }
}

function hostileInteraction(content: keyof typeof HOSTILE_TEXTS, n: number, seconds: number): Interaction {
  const moment = new Date(AS_OF.getTime() - (n * MINUTE_MS) / 6 - seconds * 1_000);
  return {
    interaction_id: `${content}_${n}`,
    user_id: n % 10 === 0 ? `bot_${n}` : `user_of_${content}_${n}`,
    interaction_type: "like",
    content_id: content,
    platform: "reddit",
    timestamp: moment.toISOString().slice(0, 19).replace("T", " "),
    text_content: HOSTILE_TEXTS[content],
    engagement_count: 1,
    tags: ["hostile"],
  };
}
