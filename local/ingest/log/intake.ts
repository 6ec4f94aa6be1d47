import { fault } from "../../errors.ts";
import { SEGMENT_BYTES, SEGMENT_ROWS, type Survey, surveyLines } from "../lines.ts";
import { type OpenLogFile, SegmentAppender } from "./appender.ts";
import { type ClosedSegment, newSegmentId, segmentPath } from "./segments.ts";

/** What became of one post's rows, once they are written. */
export interface PostCounts {
  readonly rows: number;
  readonly quarantined: number;
}

/** Rows of a post within its segment, and who waits for them. */
export interface Span {
  readonly first: number;
  readonly rows: number;
  resolve(counts: PostCounts): void;
}

/** A post that is on the disk. `written` resolves when its rows are in their tables, if the post waits for that. */
export interface Receipt {
  readonly rows: number;
  readonly written: Promise<PostCounts> | null;
}

export interface IntakeOptions {
  /** Holds the segments. */
  readonly folder: string;
  readonly openFile: OpenLogFile;
  readonly now: () => number;
  /** Told how many bytes more (or fewer) lie in the log and in memory. */
  readonly account: (change: { disk?: number; memory?: number }) => void;
  /** Told after each sync, and whether a post of it waits to be written. */
  readonly onCommitted: (waited: boolean) => void;
  /** Takes a segment that grows no more. */
  readonly onClosed: (segment: ClosedSegment, spans: readonly Span[]) => void;
}

/** A post that is not on the disk yet. */
interface Post extends Survey {
  readonly bytes: Buffer;
  readonly waits: boolean;
  resolve(receipt: Receipt): void;
  reject(error: Error): void;
}

interface OpenSegment {
  readonly id: string;
  readonly appender: SegmentAppender;
  rows: number;
  isPlain: boolean;
  readonly spans: Span[];
}

const NEWLINE = 0x0a;

/** Group commit: all posts that come while the disk is busy share its next sync. One loop does it, so nothing overlaps. */
export class Intake {
  private readonly options: IntakeOptions;
  private readonly queue: Post[] = [];
  private open: OpenSegment | null = null;
  private rotation: PromiseWithResolversOf<void> | null = null;
  private isRunning = false;
  private sequence = 0;

  constructor(options: IntakeOptions) {
    this.options = options;
  }

  /**
   * Puts whole lines into the log. Resolves when they are on the disk.
   * @throws TinybirdError DISK: they are not
   */
  append(lines: Buffer, waits: boolean): Promise<Receipt> {
    const bytes = lines.at(-1) === NEWLINE ? lines : Buffer.concat([lines, Buffer.from("\n")]);
    this.options.account({ memory: bytes.length });
    return new Promise((resolve, reject) => {
      this.queue.push({ bytes, ...surveyLines(bytes), waits, resolve, reject });
      this.run();
    });
  }

  /** Closes the segment that is open, so that it can be written. */
  rotate(): Promise<void> {
    const rotation = this.rotation ?? withResolvers();
    this.rotation = rotation;
    this.run();
    return rotation.promise;
  }

  private run(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    void this.loop();
  }

  /** Says that it ended in the same breath as it finds nothing to do, so that nothing is left lying. */
  private async loop(): Promise<void> {
    while (this.queue.length > 0 || this.rotation !== null) {
      const rotation = this.rotation;
      if (rotation !== null) {
        this.rotation = null;
        await this.close();
        rotation.resolve();
      } else {
        await this.commit(takeGroup(this.queue, this.open));
        if (this.open !== null && isFull(this.open)) await this.close();
      }
    }
    this.isRunning = false;
  }

  private async commit(group: readonly Post[]): Promise<void> {
    const size = group.reduce((sum, post) => sum + post.bytes.length, 0);
    const { account, onCommitted } = this.options;
    try {
      this.open ??= await this.openSegment();
      await this.open.appender.append(group.map((post) => post.bytes));
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      for (const post of group) post.reject(fault("DISK", detail));
      account({ memory: -size });
      return;
    }
    account({ memory: -size, disk: size });
    for (const post of group) post.resolve({ rows: post.rows, written: enter(this.open, post) });
    onCommitted(group.some((post) => post.waits));
  }

  private async openSegment(): Promise<OpenSegment> {
    const { folder, openFile, now } = this.options;
    this.sequence += 1;
    const id = newSegmentId(now(), this.sequence);
    const appender = await SegmentAppender.create(segmentPath(folder, id), openFile);
    return { id, appender, rows: 0, isPlain: true, spans: [] };
  }

  private async close(): Promise<void> {
    const segment = this.open;
    if (segment === null) return;
    this.open = null;
    const { id, rows, isPlain, appender, spans } = segment;
    await appender.close();
    const path = segmentPath(this.options.folder, id);
    this.options.onClosed({ id, path, rows, isPlain, bytes: appender.size }, spans);
  }
}

function enter(segment: OpenSegment, { rows, isPlain, waits }: Post): Promise<PostCounts> | null {
  const first = segment.rows;
  segment.rows += rows;
  segment.isPlain &&= isPlain;
  if (!waits) return null;
  return new Promise((resolve) => segment.spans.push({ first, rows, resolve }));
}

function isFull(segment: OpenSegment): boolean {
  return segment.appender.size >= SEGMENT_BYTES || segment.rows >= SEGMENT_ROWS;
}

/** As many posts as one segment takes, at least one. */
function takeGroup(queue: Post[], open: OpenSegment | null): readonly Post[] {
  let size = open?.appender.size ?? 0;
  let rows = open?.rows ?? 0;
  let count = 0;
  for (const post of queue) {
    if (count > 0 && (size >= SEGMENT_BYTES || rows >= SEGMENT_ROWS)) break;
    size += post.bytes.length;
    rows += post.rows;
    count += 1;
  }
  return queue.splice(0, count);
}

interface PromiseWithResolversOf<Value> {
  readonly promise: Promise<Value>;
  resolve(value: Value): void;
}

/** What `Promise.withResolvers` gives on Node 22. */
function withResolvers(): PromiseWithResolversOf<void> {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
