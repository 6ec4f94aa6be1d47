import { useSignal } from "@preact/signals";
import { browserZone, choose, view } from "../store.ts";

/** The zone of every time on the page. All others come into the list when somebody reaches for it. */
export function Zone() {
  const hasAll = useSignal(false);
  const { timezone } = view.value;
  const fill = () => {
    hasAll.value = true;
  };
  return (
    <select
      class="control zone"
      aria-label="Time zone"
      value={timezone}
      onFocus={fill}
      onPointerEnter={fill}
      onChange={({ currentTarget }) => choose({ timezone: currentTarget.value })}
    >
      {zones(timezone, hasAll.value).map((zone) => (
        <option key={zone} value={zone}>
          {zone.replaceAll("_", " ")}
        </option>
      ))}
    </select>
  );
}

/** Some browsers know these by their former names only. */
const RENAMED = ["Asia/Ho_Chi_Minh", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Yangon", "Europe/Kyiv"];

/** The chosen one first in sight, then the reader's own and UTC, each once. */
function zones(chosen: string, hasAll: boolean): readonly string[] {
  const others = hasAll ? [...Intl.supportedValuesOf("timeZone"), ...RENAMED].sort() : [];
  return [...new Set([browserZone, "UTC", chosen, ...others])];
}
