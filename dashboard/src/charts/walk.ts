/** What a key press says, as far as a chart reads it. */
export interface Press {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** Buckets that an arrow goes with Shift. */
const STRIDE = 10;

const isOurs = ({ ctrlKey, altKey, metaKey }: Press) => !ctrlKey && !altKey && !metaKey;

/** Where a key leads on a line of places from 0 to `last`; null leaves it, undefined: the key means nothing here. */
export function stepTo(press: Press, from: number, last: number): number | null | undefined {
  if (!isOurs(press)) return undefined;
  const stride = press.shiftKey ? STRIDE : 1;
  const moved = (by: number) => Math.max(0, Math.min(last, from + by));
  switch (press.key) {
    case "ArrowLeft":
      return moved(-stride);
    case "ArrowRight":
      return moved(stride);
    case "Home":
      return 0;
    case "End":
      return last;
    case "Escape":
      // Nothing to leave: the key is the page's.
      return from > last ? undefined : null;
    default:
      return undefined;
  }
}

/** Where a key leads on a field of rows and columns, cell by cell; undefined: the key means nothing here. */
export function cellTo(press: Press, from: number, columns: number, cells: number): number | undefined {
  if (!isOurs(press)) return undefined;
  const column = from % columns;
  switch (press.key) {
    case "ArrowLeft":
      return column > 0 ? from - 1 : from;
    case "ArrowRight":
      return column < columns - 1 ? from + 1 : from;
    case "ArrowUp":
      return from >= columns ? from - columns : from;
    case "ArrowDown":
      return from + columns < cells ? from + columns : from;
    case "Home":
      return from - column;
    case "End":
      return from - column + columns - 1;
    default:
      return undefined;
  }
}
