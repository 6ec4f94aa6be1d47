import { Batch, type BatchLimits } from "./batch.ts";
import type { CallContext } from "./call.ts";
import { type DeliveryOptions, deliver, type Outcome } from "./delivery.ts";
import { ClientClosedError, fault, QueueFullError, SdkError } from "./errors.ts";
import type { Encoded } from "./event.ts";
import { reasonOf } from "./issues.ts";
import { MemoryQueue, type Queue } from "./queue.ts";
import type { SocialInteractionRow } from "./schema.ts";
import type { QuarantineReport, Settings } from "./settings.ts";
import { Tally } from "./tally.ts";

/** A batch on its way: where to, whose counts it changes, and a promise that resolves when all its events have an outcome. */
type Shipment = {
  readonly dataSource: string;
  readonly tally: Tally;
  readonly batch: Batch;
  readonly settled: Promise<void>;
  readonly settle: () => void;
};

/** Events that share batches and counts: those of `send`, or those of one `sendAll`. */
export type Lane = { readonly dataSource: string; tally: Tally; open?: Open | undefined };

/** The batch that takes events now; `timer` ends its wait for more. */
type Open = { readonly shipment: Shipment; readonly timer: AbortController };

/** Decides when batches go out, keeps `concurrency` of them under way, and sees to it that each event gets one outcome. */
export class Sender {
  readonly totals = new Tally();
  /** Batches that were closed and queued. */
  batches = 0;
  readonly #settings: Settings;
  readonly #context: CallContext;
  readonly #signal: AbortSignal;
  readonly #queue: Queue<Shipment>;
  readonly #lanes = new Set<Lane>();
  /** Every shipment with an event that has no outcome yet. */
  readonly #unsettled = new Set<Shipment>();
  #limits: BatchLimits;
  #underWay = 0;
  #closed = false;
  #callbackFault: SdkError | undefined;

  /** @param signal Aborted with the reason for which everything left is given up. */
  constructor(settings: Settings, context: CallContext, signal: AbortSignal) {
    this.#settings = settings;
    this.#context = context;
    this.#signal = signal;
    this.#limits = settings.batch;
    this.#queue = new MemoryQueue(settings.queue);
  }

  get pendingBytes(): number {
    return this.#queue.reservedBytes;
  }

  openLane(dataSource: string): Lane {
    const lane: Lane = { dataSource, tally: new Tally() };
    this.#lanes.add(lane);
    return lane;
  }

  closeLane(lane: Lane): void {
    this.#lanes.delete(lane);
  }

  /** Throws ClientClosedError after `close`. */
  assertOpen(): void {
    if (this.#closed) throw new ClientClosedError("no further events are taken");
  }

  /** Counts an event that is not queued. */
  reject(lane: Lane): void {
    lane.tally.rejected += 1;
    this.totals.rejected += 1;
  }

  /** Queues an event. False: wait for `room` before the next. Throws QueueFullError under the overflow policy "reject". */
  add(lane: Lane, event: Encoded): boolean {
    this.assertOpen();
    const hadRoom = this.#queue.hasRoom();
    if (!this.#queue.reserve(event.bytes)) return this.#overflow(lane, event);
    this.#accept(lane);
    this.#place(lane, event);
    // The caller now waits: what is gathered so far need not wait for its time.
    if (hadRoom && !this.#queue.hasRoom()) this.#seal(lane);
    return this.#queue.hasRoom();
  }

  /** Whether callers may go on; `bytes` is the size of the next event where it is known. */
  hasRoom(bytes = 0): boolean {
    return this.#queue.hasRoom(bytes);
  }

  /** Resolves when `hasRoom`, or when nothing is left to wait for. */
  room(bytes = 0): Promise<void> {
    return this.#queue.room(bytes);
  }

  /**
   * Sends what is gathered and waits until everything accepted so far has an outcome; with `tally`, what is counted there.
   * Throws what a callback threw (SdkError CALLBACK_FAILED).
   */
  async flush(tally?: Tally): Promise<void> {
    const isMeant = (one: { readonly tally: Tally }) => tally === undefined || tally === one.tally;
    for (const lane of this.#lanes) if (isMeant(lane)) this.#seal(lane);
    const awaited = [...this.#unsettled].filter(isMeant);
    await Promise.all(awaited.map((shipment) => shipment.settled));
    const thrown = this.#callbackFault;
    this.#callbackFault = undefined;
    if (thrown !== undefined) throw thrown;
  }

  /** Takes no further events. */
  stop(): void {
    this.#closed = true;
  }

  #accept(lane: Lane): void {
    lane.tally.accepted += 1;
    this.totals.accepted += 1;
  }

  #overflow(lane: Lane, event: Encoded): false {
    const { maxBytes, overflow } = this.#settings.queue;
    const error = new QueueFullError(event.bytes, this.#queue.reservedBytes, maxBytes);
    if (overflow === "reject") {
      this.reject(lane);
      throw error;
    }
    this.#accept(lane);
    const shipment = this.#shipment(lane);
    shipment.batch.tryAdd(event.line, event.bytes);
    // Not within `send`: a callback that sends the event again would call itself without end.
    setImmediate(() => void this.#settle(shipment, () => this.#giveBack(shipment, shipment.batch, error)));
    return false;
  }

  #place(lane: Lane, { line, bytes }: Encoded): void {
    const open = lane.open ?? this.#open(lane);
    if (!open.shipment.batch.tryAdd(line, bytes).ok) {
      this.#seal(lane);
      this.#open(lane).shipment.batch.tryAdd(line, bytes);
    }
    if (lane.open?.shipment.batch.fullOfRows === true) this.#seal(lane);
  }

  #open(lane: Lane): Open {
    const timer = new AbortController();
    const open = { shipment: this.#shipment(lane), timer };
    lane.open = open;
    void this.#context.sleep(this.#settings.batch.maxDelayMs, timer.signal).then(() => {
      if (lane.open === open) this.#seal(lane);
    });
    return open;
  }

  #shipment({ dataSource, tally }: Lane): Shipment {
    let settle = () => {};
    const settled = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const shipment = { dataSource, tally, batch: new Batch(this.#limits), settled, settle };
    this.#unsettled.add(shipment);
    return shipment;
  }

  /** Closes the lane's batch and queues it. */
  #seal(lane: Lane): void {
    if (lane.open === undefined) return;
    const { shipment, timer } = lane.open;
    lane.open = undefined;
    timer.abort();
    this.batches += 1;
    this.#queue.push(shipment);
    this.#pump();
  }

  #pump(): void {
    while (this.#underWay < this.#settings.concurrency) {
      const shipment = this.#queue.shift();
      if (shipment === undefined) return;
      this.#underWay += 1;
      void this.#settle(shipment, () => this.#ship(shipment, shipment.batch)).then(() => {
        this.#underWay -= 1;
        this.#pump();
      });
    }
  }

  async #settle(shipment: Shipment, work: () => Promise<void>): Promise<void> {
    await work();
    this.#unsettled.delete(shipment);
    shipment.settle();
  }

  /** Brings a batch, or the parts it has to be cut into, to an outcome. Never throws. */
  async #ship(shipment: Shipment, batch: Batch): Promise<void> {
    const outcome = await this.#deliver(shipment, batch);
    if (outcome.kind === "too large" && batch.rows > 1) return this.#shipHalves(shipment, batch);
    this.#queue.release(batch.bytes);
    if (outcome.kind === "written") return this.#written(shipment, batch, outcome.quarantined);
    return this.#giveBack(shipment, batch, outcome.error);
  }

  async #deliver({ dataSource }: Shipment, batch: Batch): Promise<Outcome> {
    const options: DeliveryOptions = this.#settings;
    try {
      this.#signal.throwIfAborted();
      return await deliver(dataSource, batch, options, this.#context, this.#signal);
    } catch (cause) {
      const error = cause instanceof SdkError ? cause : fault("INTERNAL", [reasonOf(cause)], cause);
      return { kind: "undeliverable", error };
    }
  }

  /** Later batches start at the size that may pass, so the service need not refuse each of them. */
  async #shipHalves(shipment: Shipment, batch: Batch): Promise<void> {
    const maxBytes = Math.min(this.#limits.maxBytes, Math.ceil(batch.bytes / 2));
    this.#limits = { ...this.#limits, maxBytes };
    for (const half of batch.halve()) await this.#ship(shipment, half);
  }

  async #written(shipment: Shipment, batch: Batch, quarantined: number): Promise<void> {
    this.#record(shipment, "delivered", batch.rows - quarantined);
    this.#record(shipment, "quarantined", quarantined);
    if (quarantined > 0) await this.#reportQuarantine(shipment.dataSource, quarantined, batch.rows);
  }

  async #reportQuarantine(dataSource: string, count: number, rows: number): Promise<void> {
    const report: QuarantineReport = { dataSource, count, rows, quarantine: `${dataSource}_quarantine` };
    await this.#tell("onQuarantined", () => this.#settings.onQuarantined?.(report));
  }

  async #giveBack(shipment: Shipment, batch: Batch, error: SdkError): Promise<void> {
    this.#record(shipment, "undeliverable", batch.rows);
    const { onUndeliverable } = this.#settings;
    if (onUndeliverable === undefined) return;
    // The lines were encoded from rows of the schema (or, with `validate: false`, from what the caller says is one).
    const events = batch.decode() as readonly SocialInteractionRow[];
    await this.#tell("onUndeliverable", () => onUndeliverable(events, error));
  }

  #record({ tally }: Shipment, fate: "delivered" | "quarantined" | "undeliverable", rows: number): void {
    tally.settle(fate, rows);
    this.totals.settle(fate, rows);
  }

  /** Calls a callback of the options; what it throws is kept for the next flush, so it neither stops the sender nor gets lost. */
  async #tell(name: string, callback: () => void | Promise<void>): Promise<void> {
    try {
      await callback();
    } catch (cause) {
      this.#callbackFault ??= fault("CALLBACK_FAILED", [name, reasonOf(cause)], cause);
    }
  }
}
