import { readFile, rm } from "node:fs/promises";
import { TinybirdError } from "../../errors.ts";
import { NdjsonReader } from "../ndjson.ts";
import { type IngestTarget, SegmentWriter } from "../writer.ts";
import type { PostCounts, Span } from "./intake.ts";
import { type ClosedSegment, setAside } from "./segments.ts";

/** Milliseconds between two tries of a write that failed for no fault of its rows: the first, and the longest. */
const RETRY_MS = { first: 100, longest: 5_000 } as const;

export interface DrainOptions {
  /** Where the rows go now; null when the data source is gone. */
  readonly target: () => IngestTarget | null;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Told what only a person can act on. */
  readonly warn: (line: string) => void;
  readonly account: (change: { disk: number }) => void;
  /** Told after each segment. */
  readonly onWritten: (counts: PostCounts & { bytes: number; seconds: number }) => void;
  /** Told when no segment is left. */
  readonly onIdle: () => void;
}

interface Entry {
  readonly segment: ClosedSegment;
  readonly spans: readonly Span[];
}

/** Writes closed segments to their table, one after the other, each until it is written: they are acknowledged. */
export class Drain {
  private readonly options: DrainOptions;
  private readonly entries: Entry[] = [];
  private isRunning = false;
  private running: Promise<void> = Promise.resolve();
  private turns: Promise<unknown> = Promise.resolve();
  private holds = 0;
  private stopped = false;
  /** How rows get to the table of now. */
  private way: {
    readonly table: string;
    readonly reader: NdjsonReader;
    readonly writer: SegmentWriter;
  } | null = null;

  constructor(options: DrainOptions) {
    this.options = options;
  }

  get isIdle(): boolean {
    return !this.isRunning && this.holds === 0;
  }

  add(entry: Entry): void {
    this.entries.push(entry);
    void this.run();
  }

  /** Resolves when all segments of now are written, or the drain was stopped. */
  async empty(): Promise<void> {
    while (this.entries.length > 0 && !this.stopped) await this.run();
  }

  /** Does some work while no segment is being written. Such works wait for each other. */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.turns.then(async () => {
      this.holds += 1;
      try {
        await this.running;
        return await work();
      } finally {
        this.holds -= 1;
        void this.run();
      }
    });
    this.turns = mine.catch(() => undefined);
    return mine;
  }

  /** Ends after the segment that is being written; what is left stays on the disk for the next process. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private run(): Promise<void> {
    if (this.holds > 0) return this.turns.then(() => undefined);
    if (!this.isRunning && !this.stopped) {
      this.isRunning = true;
      this.running = this.loop();
    }
    return this.running;
  }

  /** Says that it ended in the same breath as it finds nothing to do, so that nothing is left lying. */
  private async loop(): Promise<void> {
    for (let entry = this.entries[0]; entry !== undefined; entry = this.entries[0]) {
      if (this.stopped || this.holds > 0 || !(await this.persist(entry))) break;
      this.entries.shift();
    }
    this.isRunning = false;
    if (this.isIdle && !this.stopped) this.options.onIdle();
  }

  /** Tries until the segment is written. @returns false when stopped before */
  private async persist(entry: Entry): Promise<boolean> {
    const { sleep, warn } = this.options;
    for (let pause: number = RETRY_MS.first; !this.stopped; pause = Math.min(pause * 2, RETRY_MS.longest)) {
      try {
        await this.write(entry);
        return true;
      } catch (error) {
        if (!isRestart(error)) warn(`segment ${entry.segment.id} is not written yet: ${String(error)}`);
        await sleep(pause);
      }
    }
    return false;
  }

  private async write({ segment, spans }: Entry): Promise<void> {
    const { target, account, onWritten, now, warn } = this.options;
    const to = target();
    const start = now();
    if (to === null) {
      warn(`the data source of a segment is gone; its rows are kept in ${await setAside(segment.path)}`);
      account({ disk: -segment.bytes });
      return;
    }
    const quarantined = segment.rows === 0 ? [] : await this.insert(segment, to);
    await rm(segment.path, { force: true });
    account({ disk: -segment.bytes });
    for (const span of spans) span.resolve(countsOf(span, quarantined));
    const counts = countsOf({ first: 0, rows: segment.rows }, quarantined);
    onWritten({ ...counts, bytes: segment.bytes, seconds: (now() - start) / 1000 });
  }

  private insert({ id, path, isPlain }: ClosedSegment, to: IngestTarget): Promise<readonly number[]> {
    if (this.way?.table !== to.table) {
      const reader = new NdjsonReader(to);
      this.way = { table: to.table, reader, writer: new SegmentWriter(to, reader.fields) };
    }
    const { reader, writer } = this.way;
    return writer.write(reader.file(id, path, { isPlain, bytes: () => readFile(path) }));
  }
}

/** The engine that starts again is no news: nothing has to be done. */
function isRestart(error: unknown): boolean {
  return error instanceof TinybirdError && error.code === "ENGINE_DOWN";
}

function countsOf({ first, rows }: Pick<Span, "first" | "rows">, quarantined: readonly number[]): PostCounts {
  const bad = quarantined.filter((position) => position >= first && position < first + rows).length;
  return { rows: rows - bad, quarantined: bad };
}
