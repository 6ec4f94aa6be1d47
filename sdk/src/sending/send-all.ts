import { abortable } from "../abort.ts";
import { InvalidEventError, type SdkError } from "../errors.ts";
import { nextTurn } from "../time.ts";
import type { Encode, Encoded } from "./event.ts";
import type { Sender } from "./sender.ts";
import type { Lane } from "./shipment.ts";
import type { Summary } from "./tally.ts";

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

/** Sends all events of a source in a lane of its own; see `DataSourceClient`. */
export async function sendAll<Event>(
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
      return sender.encode(lane, event, encode);
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
