import { type Options, SingleBar } from "cli-progress";

export type Progress = {
  readonly update: (done: number) => void;
  /** Ends the display; call it also after a failure. */
  readonly stop: () => void;
};

export type ProgressOptions = {
  readonly label: string;
  readonly unit: string;
  /** What full is; undefined when it is not known beforehand. */
  readonly total: number | undefined;
  readonly stream: NodeJS.WriteStream;
  /** Milliseconds; default Date.now. */
  readonly now?: () => number;
};

/** Shortest time between two notes where no bar can be drawn. */
const NOTE_INTERVAL_MS = 2_000;

/** A bar on a terminal, plain one-line notes elsewhere. */
export function startProgress(options: ProgressOptions): Progress {
  return options.stream.isTTY && options.total !== undefined
    ? bar({ ...options, total: options.total })
    : notes(options, (line) => options.stream.write(`${line}\n`));
}

function bar({ label, unit, total, stream }: ProgressOptions & { total: number }): Progress {
  const format = `${label} {bar} {percentage}% | {value}/{total} ${unit} | {eta_formatted} left`;
  const settings: Options = {
    format,
    stream,
    hideCursor: true,
    barCompleteChar: "█",
    barIncompleteChar: "░",
  };
  const drawn = new SingleBar(settings);
  drawn.start(total, 0);
  return { update: (done) => drawn.update(done), stop: () => drawn.stop() };
}

/** A line now and then, and always one at the end. */
export function notes(options: Omit<ProgressOptions, "stream">, write: (line: string) => void): Progress {
  const { label, unit, total, now = Date.now } = options;
  let done = 0;
  let noted = now();
  let written = -1;
  const note = () => {
    written = done;
    noted = now();
    write(`${label}: ${done}${total === undefined ? "" : ` of ${total}`} ${unit}`);
  };
  const update = (value: number) => {
    done = value;
    if (now() - noted >= NOTE_INTERVAL_MS) note();
  };
  const stop = () => {
    if (written !== done) note();
  };
  return { update, stop };
}
