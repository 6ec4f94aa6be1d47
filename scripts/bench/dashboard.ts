import type { Bench } from "./bench.ts";
import { live } from "./dashboard/live.ts";
import { opening } from "./dashboard/opening.ts";

/** Minutes of a live run. */
const DEFAULT_MINUTES = 10;

export const bench: Bench = {
  description:
    "the page: bytes, requests, time beside the same page without a script; with `live [minutes]`: its work while interactions come in",
  run(context) {
    const [mode, minutes = String(DEFAULT_MINUTES)] = context.args;
    return mode === "live" ? live(Number(minutes), context) : opening(context);
  },
};
