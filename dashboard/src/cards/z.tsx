import { ratio } from "../format/number.ts";
import { zStep } from "./move.ts";

/** How unusual, the more marked the more so. */
export function ZMark({ z }: { readonly z: number }) {
  return (
    <span class={`z-mark z${zStep(z)}`}>
      <span class="narrow">z </span>
      {ratio(z)}
    </span>
  );
}
