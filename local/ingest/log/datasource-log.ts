import { Drain, type DrainOptions } from "./drain.ts";
import { Intake, type IntakeOptions, type Receipt } from "./intake.ts";
import { leftSegments, recoverSegment } from "./segments.ts";

/** Milliseconds that rows lie in the log before they are written to the table: few inserts of many rows. */
const FLUSH_MS = 200;

/** The same when a caller waits for the write: long enough for posts of the same moment to share it. */
const WAITED_FLUSH_MS = 5;

export type DatasourceLogOptions = Omit<IntakeOptions, "onCommitted" | "onClosed"> &
  Omit<DrainOptions, "onIdle" | "account">;

/**
 * The write-ahead log of one data source. Posts are acknowledged when they are on the disk; segments of them are
 * written to the table when they are full, old, or waited for, one at a time: while one is written the next one grows.
 */
export class DatasourceLog {
  private readonly options: DatasourceLogOptions;
  private readonly intake: Intake;
  private readonly drain: Drain;
  private timer: NodeJS.Timeout | null = null;
  private dueAt = 0;
  /** The segment that is open should be written as soon as nothing else is. */
  private isDue = false;

  constructor(options: DatasourceLogOptions) {
    this.options = options;
    this.drain = new Drain({ ...options, onIdle: () => this.rotateWhenDue() });
    this.intake = new Intake({
      ...options,
      onCommitted: (waited) => this.schedule(waited ? WAITED_FLUSH_MS : FLUSH_MS),
      onClosed: (segment, spans) => this.drain.add({ segment, spans }),
    });
  }

  /** Takes up what an earlier process left in the log. @returns how many segments */
  async recover(): Promise<number> {
    const { folder, account } = this.options;
    const ids = leftSegments(folder);
    for (const id of ids) {
      const segment = await recoverSegment(folder, id);
      account({ disk: segment.bytes });
      this.drain.add({ segment, spans: [] });
    }
    return ids.length;
  }

  /**
   * Puts whole lines into the log. Resolves when they are on the disk.
   * @param waits the rows shall be written soon, because somebody waits for the receipt's `written`
   * @throws TinybirdError DISK: they are not
   */
  append(lines: Buffer, waits: boolean): Promise<Receipt> {
    return this.intake.append(lines, waits);
  }

  /** Writes all that was acknowledged. */
  async flush(): Promise<void> {
    await this.intake.rotate();
    await this.drain.empty();
  }

  /** Does some work while no segment is being written; posts go on being acknowledged. */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.drain.exclusively(work);
  }

  /** Takes no more; what is not written stays on the disk for the next process. */
  async stop(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    await this.intake.rotate();
    await this.drain.stop();
  }

  /** An earlier moment replaces a later one, never the other way: constant posts must not put it off. */
  private schedule(ms: number): void {
    const at = this.options.now() + ms;
    if (this.isDue || (this.timer !== null && this.dueAt <= at)) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.dueAt = at;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.isDue = true;
      this.rotateWhenDue();
    }, ms);
  }

  private rotateWhenDue(): void {
    if (!this.isDue || !this.drain.isIdle) return;
    this.isDue = false;
    void this.intake.rotate();
  }
}
