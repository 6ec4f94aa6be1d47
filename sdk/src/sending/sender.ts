import { ClientClosedError, QueueFullError, SdkError } from "../errors.ts";
import type { Settings } from "../settings.ts";
import type { Write } from "../spool/segment.ts";
import type { Spool } from "../spool/spool.ts";
import { Dispatcher, type SendingContext } from "./dispatcher.ts";
import type { Encode, Encoded } from "./event.ts";
import { Queue } from "./queue.ts";
import { loadLeftover, type Replay, replayReport } from "./replay.ts";
import { createLane, createShipment, type Lane, type Open, type Shipment } from "./shipment.ts";
import { Tally } from "./tally.ts";

/** Whether an event was taken. `room`: whether the caller may go on at once. */
export type Offer =
  | { readonly taken: true; readonly room: boolean }
  | { readonly taken: false; readonly error: SdkError };

/** Takes events, gathers them into batches, and decides when a batch is closed: full, late, or flushed. */
export class Sender {
  /** The counts of all events of the client. */
  readonly totals = new Tally();
  /** Batches that were closed and queued. */
  batches = 0;
  /** Events that an earlier client left in the spool. */
  replayed = 0;
  readonly #settings: Settings;
  readonly #spool: Spool | undefined;
  readonly #queue: Queue<Shipment>;
  readonly #dispatcher: Dispatcher;
  readonly #lanes = new Set<Lane>();
  /** Every shipment with an event that has no outcome yet. */
  readonly #unsettled = new Set<Shipment>();
  /** Resolves when what the spool held at the start is queued. */
  readonly #replay: Promise<void>;
  #closed = false;

  /** @param signal Aborted with the reason for which everything left is given up. */
  constructor(settings: Settings, context: SendingContext, signal: AbortSignal, spool: Spool | undefined) {
    this.#settings = settings;
    this.#spool = spool;
    this.#queue = new Queue(settings.spool ?? settings.queue);
    this.#dispatcher = new Dispatcher(settings, this.#queue, this.totals, context, signal);
    this.#replay = this.#replayLeftovers();
  }

  get pendingBytes(): number {
    return this.#queue.reservedBytes;
  }

  /** @param write How the lane's events go to the spool, if there is one. */
  openLane(dataSource: string, write: Write): Lane {
    const lane = createLane(dataSource, write);
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

  /** Encodes an event; one that does not fit counts as rejected. Throws InvalidEventError. */
  encode(lane: Lane, event: unknown, encode: Encode): Encoded {
    try {
      return encode(event);
    } catch (error) {
      this.#countRejected(lane);
      throw error;
    }
  }

  /** Queues an event, or counts it as rejected. Throws ClientClosedError. */
  add(lane: Lane, event: Encoded): Offer {
    this.assertOpen();
    const hadRoom = this.#queue.hasRoom();
    if (!this.#queue.reserve(event.bytes)) {
      if (this.#settings.queue.overflow === "reject") return this.#refuse(lane, this.#queueFull(event));
      this.#queue.take(event.bytes);
    }
    const error = this.#place(lane, event);
    if (error !== undefined) {
      this.#queue.release(event.bytes);
      return this.#refuse(lane, error);
    }
    lane.tally.accepted += 1;
    this.totals.accepted += 1;
    const room = this.#queue.hasRoom();
    // The caller now waits: what is gathered so far need not wait for its time.
    if (hadRoom && !room) this.#seal(lane);
    return { taken: true, room };
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
   * Throws what a callback threw (SdkError CALLBACK_FAILED) and what the spool failed at (SPOOL_FAILED).
   */
  async flush(tally?: Tally): Promise<void> {
    const isMeant = (one: { readonly tally: Tally }) => tally === undefined || tally === one.tally;
    for (const lane of this.#lanes) if (isMeant(lane)) this.#seal(lane);
    const awaited = [...this.#unsettled].filter(isMeant);
    if (tally === undefined) {
      await this.#replay;
      awaited.push(...this.#unsettled);
    }
    await Promise.all(awaited.map((shipment) => shipment.settled));
    this.#dispatcher.callbacks.throwKept();
  }

  /** Takes no further events. */
  stop(): void {
    this.#closed = true;
  }

  #refuse(lane: Lane, error: SdkError): Offer {
    this.#countRejected(lane);
    return { taken: false, error };
  }

  #countRejected(lane: Lane): void {
    lane.tally.rejected += 1;
    this.totals.rejected += 1;
  }

  #queueFull(event: Encoded): SdkError {
    const { maxBytes } = this.#settings.spool ?? this.#settings.queue;
    return new QueueFullError(event.bytes, this.#queue.reservedBytes, maxBytes);
  }

  /** Puts an event into the lane's open batch and, with a spool, on disk. Returns the error when the disk refused it. */
  #place(lane: Lane, { line, bytes }: Encoded): SdkError | undefined {
    if (lane.open?.shipment.batch.fits(bytes) === false) this.#seal(lane);
    const { shipment } = lane.open ?? this.#open(lane);
    try {
      shipment.segment?.append(line, lane.write);
    } catch (error) {
      if (error instanceof SdkError) return error;
      throw error;
    }
    shipment.batch.add(line, bytes);
    if (shipment.batch.fullOfRows) this.#seal(lane);
    return undefined;
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
    const shipment = createShipment(lane, this.#dispatcher.limits, this.#spool?.open(lane.dataSource));
    this.#await(shipment);
    return shipment;
  }

  #await(shipment: Shipment): void {
    this.#unsettled.add(shipment);
    void shipment.settled.then(() => this.#unsettled.delete(shipment));
  }

  /** Closes the lane's batch and queues it. */
  #seal(lane: Lane): void {
    if (lane.open === undefined) return;
    const { shipment, timer } = lane.open;
    lane.open = undefined;
    timer.abort();
    // Its only event was refused by the disk.
    if (shipment.batch.rows === 0) return shipment.settle();
    this.batches += 1;
    lane.lastBytes = shipment.batch.bytes;
    this.#dispatcher.sealOnDisk(shipment);
    this.#queue.push(shipment);
    this.#dispatcher.pump();
  }

  async #replayLeftovers(): Promise<void> {
    const leftovers = this.#spool?.leftovers ?? [];
    for (const { bytes } of leftovers) this.#queue.take(bytes);
    const replays: Replay[] = [];
    for (const leftover of leftovers) {
      const replay = await loadLeftover(leftover, this.#dispatcher.callbacks);
      this.#queue.take(replay.shipment?.batch.bytes ?? 0);
      this.#queue.release(leftover.bytes);
      replays.push(replay);
      if (replay.shipment !== undefined) this.#queueReplay(replay.shipment);
    }
    if (leftovers.length === 0) return;
    const report = replayReport(replays);
    await this.#dispatcher.callbacks.tell("onReplay", () => this.#settings.onReplay?.(report));
  }

  #queueReplay(shipment: Shipment): void {
    const { rows } = shipment.batch;
    this.replayed += rows;
    this.totals.accepted += rows;
    this.#await(shipment);
    this.#queue.push(shipment);
    this.#dispatcher.pump();
  }
}
