import type { SdkError } from "../errors.ts";
import type { SocialInteractionRow } from "../schema.generated.ts";

/** Collects what is handed back. */
export function handedBack() {
  const events: SocialInteractionRow[] = [];
  const errors: SdkError[] = [];
  const onUndeliverable = (rows: readonly SocialInteractionRow[], error: SdkError) => {
    events.push(...rows);
    errors.push(error);
  };
  return { events, errors, onUndeliverable };
}
