import { area, line } from "d3-shape";
import { whole } from "../format/number.ts";
import { linear } from "./scale.ts";

interface SparkProps {
  /** Oldest first. */
  readonly counts: readonly number[];
  readonly width: number;
  readonly height: number;
}

/** Pixels kept free for the dot and for half the line's width. */
const EDGE = 3;

/** A line without axes, for its shape; a reader gets its ends. */
export function Spark({ counts, width, height }: SparkProps) {
  const x = linear([0, counts.length - 1], [EDGE, width - EDGE]);
  const y = linear([0, Math.max(1, ...counts)], [height - EDGE, EDGE]);
  const xOf = (_: number, index: number) => x(index);
  const last = counts.at(-1) ?? 0;
  return (
    <svg
      class="spark"
      width={width}
      height={height}
      role="img"
      aria-label={`from ${whole(counts[0])} to ${whole(last)}`}
    >
      <path class="fill" d={area<number>(xOf, height - EDGE, y)([...counts]) ?? ""} />
      <path class="stroke" d={line<number>(xOf, y)([...counts]) ?? ""} />
      <circle cx={x(counts.length - 1)} cy={y(last)} r={2} />
    </svg>
  );
}
