import type { Signal } from "@preact/signals";
import { area, line } from "d3-shape";
import { useRef } from "preact/hooks";
import { count } from "../format/number.ts";
import { type Point, placeOf, spokenPoint } from "./point.ts";
import { type CountAxis, linear, nearest, type Scale } from "./scale.ts";
import { timeTicks } from "./ticks.ts";
import { stepTo } from "./walk.ts";
import { useWidth } from "./width.ts";

interface TimeChartProps {
  readonly label: string;
  readonly points: readonly Point[];
  readonly axis: CountAxis;
  readonly height: number;
  /** The bucket that is read out, by its name: a poll moves the others. Null for none. */
  readonly at: Signal<string | null>;
}

const MARGIN = { top: 10, right: 8, bottom: 26, left: 40 } as const;

/** Pixels that a label of the time axis takes with the space around it. */
const TICK_WIDTH = 84;

/** Drawn before it was measured, for as long as a frame takes. */
const WIDTH_AT_FIRST = 600;

/** Counts over time; a slider, so that keys and readers go from bucket to bucket. */
export function TimeChart({ label, points, axis, height, at }: TimeChartProps) {
  const root = useRef<HTMLDivElement>(null);
  const width = useWidth(root) || WIDTH_AT_FIRST;
  const last = points.length - 1;
  const chosen = placeOf(points, at.value);
  const choose = (place: number | null) => {
    at.value = place === null ? null : (points[place]?.bucket ?? null);
  };
  return (
    <div
      ref={root}
      class="time"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={chosen ?? last}
      aria-valuetext={spokenPoint(points, chosen ?? last)}
      onKeyDown={(event) => {
        const next = stepTo(event, chosen ?? last + 1, last);
        if (next === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        choose(next);
      }}
      onPointerMove={({ clientX, currentTarget }) => {
        const { left } = currentTarget.getBoundingClientRect();
        choose(nearest(clientX - left, points.length, endsOf(width)));
      }}
      onPointerLeave={() => choose(null)}
      onBlur={() => choose(null)}
    >
      <Drawing points={points} axis={axis} width={width} height={height} chosen={chosen} />
    </div>
  );
}

function endsOf(width: number): readonly [number, number] {
  return [MARGIN.left, width - MARGIN.right];
}

interface DrawingProps {
  readonly points: readonly Point[];
  readonly axis: CountAxis;
  readonly width: number;
  readonly height: number;
  readonly chosen: number | null;
}

function Drawing({ points, axis, width, height, chosen }: DrawingProps) {
  const x = linear([0, points.length - 1], endsOf(width));
  const y = linear(axis.domain, [height - MARGIN.bottom, MARGIN.top]);
  return (
    <svg width={width} height={height} aria-hidden="true">
      <Axes points={points} axis={axis} width={width} height={height} x={x} y={y} />
      <Lines points={points} x={x} y={y} />
      {chosen !== null && <Cursor point={points[chosen]} at={x(chosen)} y={y} height={height} />}
    </svg>
  );
}

type Drawn = { readonly points: readonly Point[]; readonly x: Scale; readonly y: Scale };
type AxesProps = Drawn & { readonly axis: CountAxis; readonly width: number; readonly height: number };

function Axes({ points, axis, width, height, x, y }: AxesProps) {
  const locals = points.map(({ local }) => local);
  const room = Math.floor((width - MARGIN.left - MARGIN.right) / TICK_WIDTH);
  return (
    <g class="axes">
      {axis.ticks.map((tick) => (
        <g key={tick}>
          <line x1={MARGIN.left} x2={width - MARGIN.right} y1={y(tick)} y2={y(tick)} />
          <text x={MARGIN.left - 8} y={y(tick) + 4} text-anchor="end">
            {count(tick)}
          </text>
        </g>
      ))}
      {timeTicks(locals, Math.max(2, room)).map(({ index, label }) => (
        <text key={index} x={x(index)} y={height - 6} text-anchor="middle">
          {label}
        </text>
      ))}
    </g>
  );
}

function Lines({ points, x, y }: Drawn) {
  const { first, last } = wholePart(points);
  const xOf = (_: Point, i: number) => x(i);
  const now = ({ now }: Point) => y(now);
  const isWhole = (_: Point, i: number) => i >= first && i <= last;
  const path = (isDrawn: (point: Point, i: number) => boolean) =>
    line<Point>(xOf, now).defined(isDrawn)([...points]) ?? "";
  const before = line<Point>(xOf, (point) => y(point.before ?? 0)).defined((point) => point.before !== null);
  return (
    <>
      <path class="fill" d={area<Point>(xOf, y(0), now).defined(isWhole)([...points]) ?? ""} />
      <path class="before" d={before([...points]) ?? ""} />
      <path class="stroke" d={path(isWhole)} />
      <path class="part" d={path((_, i) => i <= first)} />
      <path class="part" d={path((_, i) => i >= last)} />
    </>
  );
}

/** The ends of what is drawn as a line: a bucket that is cut would look like a fall. */
function wholePart(points: readonly Point[]): { first: number; last: number } {
  const first = points[0]?.isPartial && points.length > 2 ? 1 : 0;
  const last = points.at(-1)?.isPartial && points.length > 1 ? points.length - 2 : points.length - 1;
  return { first, last };
}

interface CursorProps {
  readonly point: Point | undefined;
  readonly at: number;
  readonly y: Scale;
  readonly height: number;
}

function Cursor({ point, at, y, height }: CursorProps) {
  if (point === undefined) return null;
  return (
    <g class="cursor">
      <line x1={at} x2={at} y1={MARGIN.top} y2={height - MARGIN.bottom} />
      {point.before !== null && <circle class="before" cx={at} cy={y(point.before)} r={4} />}
      <circle cx={at} cy={y(point.now)} r={4} />
    </g>
  );
}
