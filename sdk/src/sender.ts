import type { CallContext } from "./call.ts";
import { Dispatcher } from "./dispatcher.ts";
import { ClientClosedError, QueueFullError } from "./errors.ts";
import type { Encoded } from "./event.ts";
import { MemoryQueue, type Queue } from "./queue.ts";
import type { Settings } from "./settings.ts";
import { createLane, createShipment, type Lane, type Open, type Shipment } from "./shipment.ts";
import { Tally } from "./tally.ts";

/** Takes events, gathers them into batches, and decides when a batch is closed: full, late, or flushed. */
export class Sender {
  /** The counts of all events of the client. */
  readonly totals = new Tally();
  /** Batches that were closed and queued. */
  batches = 0;
  readonly #settings: Settings;
  readonly #queue: Queue<Shipment>;
  readonly #dispatcher: Dispatcher;
  readonly #lanes = new Set<Lane>();
  /** Every shipment with an event that has no outcome yet. */
  readonly #unsettled = new Set<Shipment>();
  #closed = false;

  /** @param signal Aborted with the reason for which everything left is given up. */
  constructor(settings: Settings, context: CallContext, signal: AbortSignal) {
    this.#settings = settings;
    this.#queue = new MemoryQueue(settings.queue);
    this.#dispatcher = new Dispatcher(settings, this.#queue, this.totals, context, signal);
  }

  get pendingBytes(): number {
    return this.#queue.reservedBytes;
  }

  openLane(dataSource: string): Lane {
    const lane = createLane(dataSource);
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
    this.#dispatcher.throwCallbackFault();
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
    setImmediate(() => void this.#dispatcher.giveBack(shipment, error));
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
    void this.#settings.sleep(this.#settings.batch.maxDelayMs, timer.signal).then(() => {
      if (lane.open === open) this.#seal(lane);
    });
    return open;
  }

  #shipment(lane: Lane): Shipment {
    const shipment = createShipment(lane, this.#dispatcher.limits);
    this.#unsettled.add(shipment);
    void shipment.settled.then(() => this.#unsettled.delete(shipment));
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
    this.#dispatcher.pump();
  }
}
