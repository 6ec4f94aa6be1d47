import { InvalidEventError, type SdkError } from "../errors.ts";
import { abortable, nextTurn } from "../time.ts";
import type { Encode, Encoded } from "./event.ts";
import type { Sender } from "./sender.ts";
import type { Lane } from "./shipment.ts";
import { type Summary, Tally } from "./tally.ts";

export type WaitOptions = {
  /** Ends the wait; its reason is thrown. Events that were taken are sent all the same. */
  readonly signal?: AbortSignal;
};

export type SendAllOptions<Event> = WaitOptions & {
  /** Told of each event that was not taken: InvalidEventError, or QueueFullError for one larger than the whole queue. */
  readonly onRejected?: (event: Event, error: SdkError, index: number) => void;
};

/** Anything that gives events one after the other: an array, a generator, a Readable or a web stream of objects. */
export type Events<Event> = Iterable<Event> | AsyncIterable<Event>;

/** Sends events to one data source. */
export type DataSourceClient<Event> = {
  /**
   * Checks, encodes and queues one event; returns before anything is sent. Never waits for the network and never throws
   * because it is slow. With a durable spool the event is on disk when it returns.
   *
   * @returns True: there is room for more. False: wait for `ready()` before the next. An event that was not taken (the
   *   queue was full under the policy "reject", or the spool's disk failed) is told to the option `onRejected` before.
   * @throws InvalidEventError: the event does not fit; nothing was queued.
   * @throws ClientClosedError after `close()`.
   */
  send(event: Event): boolean;
  /** Resolves when there is room for more events. */
  ready(options?: WaitOptions): Promise<void>;
  /**
   * Sends all events, at the pace of the network, and waits until each has an outcome. An invalid event is counted as
   * rejected and told to `onRejected`; the others go on. What the source throws is thrown after the events before it are sent.
   *
   * @returns The counts of just these events.
   * @throws ClientClosedError when the client is closed before the last event.
   */
  sendAll(events: Events<Event>, options?: SendAllOptions<Event>): Promise<Summary>;
  /**
   * Sends what is gathered now and waits until everything accepted so far has an outcome.
   *
   * @returns The counts of the events given to `send` since the flush before.
   */
  flush(options?: WaitOptions): Promise<Summary>;
};

/** What the client as a whole adds to each data source. */
export type DataSourceOptions = {
  /** Whether `send` has its events on disk when it returns. */
  readonly durable: boolean;
  readonly onRejected?: ((event: unknown, error: SdkError) => void) | undefined;
};

export function dataSourceClient<Event>(
  dataSource: string,
  encode: Encode,
  sender: Sender,
  { durable, onRejected }: DataSourceOptions,
): DataSourceClient<Event> {
  const lane = sender.openLane(dataSource, durable ? "now" : "grouped");
  return {
    send(event) {
      sender.assertOpen();
      const offer = sender.add(lane, encodeOrReject(event, encode, lane, sender));
      if (offer.taken) return offer.room;
      onRejected?.(event, offer.error);
      return false;
    },
    ready: ({ signal } = {}) => abortable(sender.room(), signal),
    sendAll: (events, options = {}) => sendAll(dataSource, events, options, encode, sender),
    flush: ({ signal } = {}) => abortable(flush(lane, sender), signal),
  };
}

async function flush(lane: Lane, sender: Sender): Promise<Summary> {
  const { tally } = lane;
  // Sealed with the old counts; what is sent from now on counts for the next flush.
  const settled = sender.flush();
  lane.tally = new Tally();
  await settled;
  return tally.summary();
}

function encodeOrReject(event: unknown, encode: Encode, lane: Lane, sender: Sender): Encoded {
  try {
    return encode(event);
  } catch (error) {
    sender.reject(lane);
    throw error;
  }
}

async function sendAll<Event>(
  dataSource: string,
  events: Events<Event>,
  options: SendAllOptions<Event>,
  encode: Encode,
  sender: Sender,
): Promise<Summary> {
  sender.assertOpen();
  options.signal?.throwIfAborted();
  const lane = sender.openLane(dataSource, "grouped");
  const feed = feeder(lane, options, encode, sender);
  try {
    await each(events, feed, options.signal);
  } finally {
    await abortable(sender.flush(lane.tally), options.signal).finally(() => sender.closeLane(lane));
  }
  return lane.tally.summary();
}

/** Calls `take` for each event and waits only where it asks to: awaiting every event would cost more than encoding it. */
async function each<Event>(
  events: Events<Event>,
  take: (event: Event) => Promise<void> | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (Symbol.asyncIterator in events) {
    for await (const event of abortableEvents(events, signal)) await take(event);
    return;
  }
  for (const event of events) {
    const pause = take(event);
    if (pause !== undefined) await abortable(pause, signal);
  }
}

/** A source that has nothing to give must not keep the abort waiting. */
async function* abortableEvents<Event>(
  events: AsyncIterable<Event>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Event> {
  if (signal === undefined) return yield* events;
  const iterator = events[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await abortable(Promise.resolve(iterator.next()), signal);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

/** Queues one event after the other; returns a promise where the caller has to pause. */
function feeder<Event>(lane: Lane, options: SendAllOptions<Event>, encode: Encode, sender: Sender) {
  let index = -1;
  let batches = sender.batches;

  const queue = (event: Event, encoded: Encoded, at: number): Promise<void> | undefined => {
    const offer = sender.add(lane, encoded);
    if (!offer.taken) options.onRejected?.(event, offer.error, at);
    if (batches === sender.batches) return undefined;
    // A batch went out: the loop of a long array must let the network have its turn.
    batches = sender.batches;
    return nextTurn();
  };

  const queueLater = async (event: Event, encoded: Encoded, at: number): Promise<void> => {
    do await sender.room(encoded.bytes);
    while (sender.pendingBytes > 0 && !sender.hasRoom(encoded.bytes));
    await queue(event, encoded, at);
  };

  const encodeOrTell = (event: Event, at: number): Encoded | undefined => {
    try {
      return encodeOrReject(event, encode, lane, sender);
    } catch (error) {
      if (!(error instanceof InvalidEventError)) throw error;
      options.onRejected?.(event, error, at);
      return undefined;
    }
  };

  return (event: Event): Promise<void> | undefined => {
    index += 1;
    const encoded = encodeOrTell(event, index);
    if (encoded === undefined) return undefined;
    return sender.hasRoom(encoded.bytes) ? queue(event, encoded, index) : queueLater(event, encoded, index);
  };
}
