import { Segments } from "../cards/segments.tsx";
import { choose, view } from "../store.ts";
import { RANGES, type Range } from "../view/view.ts";
import { CustomRange } from "./custom-range.tsx";

const WORDS: Readonly<Record<Range, string>> = {
  "1h": "1 h",
  "6h": "6 h",
  "24h": "24 h",
  "7d": "7 d",
  "30d": "30 d",
};

/** How far back the page looks. */
export function RangeBar() {
  return (
    <div class="range">
      <Segments
        label="Range"
        options={RANGES.map((range) => [range, WORDS[range]] as const)}
        chosen={view.value.range}
        onChoose={(range) => choose({ range, custom: null })}
      />
      <CustomRange />
    </div>
  );
}
