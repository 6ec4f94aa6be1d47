import { choose, view } from "../store.ts";
import { COMPARES, type Compare as Comparison } from "../view/view.ts";

const WORDS: Readonly<Record<Comparison, string>> = {
  previous: "vs period before",
  previous_weekday: "vs same weekday",
  year: "vs year before",
  none: "not compared",
};

/** What the range is compared with. */
export function Compare() {
  return (
    <select
      class="control compare"
      aria-label="Comparison"
      value={view.value.compare}
      onChange={({ currentTarget }) => {
        const compare = COMPARES.find((each) => each === currentTarget.value);
        if (compare) choose({ compare });
      }}
    >
      {COMPARES.map((compare) => (
        <option key={compare} value={compare}>
          {WORDS[compare]}
        </option>
      ))}
    </select>
  );
}
