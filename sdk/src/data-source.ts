import { setImmediate as nextTurn } from "node:timers/promises";
import { InvalidEventError, QueueFullError } from "./errors.ts";
import type { Encode, Encoded } from "./event.ts";
import type { Sender } from "./sender.ts";
import type { Lane } from "./shipment.ts";
import { type Summary, Tally } from "./tally.ts";

export type SendAllOptions<Event> = {
  /** Told of each event that was not taken: InvalidEventError, or QueueFullError for one larger than the whole queue. */
  readonly onRejected?: (event: Event, error: InvalidEventError | QueueFullError, index: number) => void;
};

/** Sends events to one data source. */
export type DataSourceClient<Event> = {
  /**
   * Checks, encodes and queues one event; returns before anything is sent and does not wait for the network.
   *
   * @returns True: there is room for more. False: the event was taken; wait for `ready()` before the next.
   * @throws InvalidEventError: the event does not fit; nothing was queued.
   * @throws QueueFullError: the queue's bound is reached; nothing was queued.
   * @throws ClientClosedError after `close()`.
   */
  send(event: Event): boolean;
  /** Resolves when there is room for more events. */
  ready(): Promise<void>;
  /**
   * Sends all events, at the pace of the network, and waits until each has an outcome. An invalid event is counted as
   * rejected and told to `onRejected`; the others go on. What the iterable throws is thrown after the events before it are sent.
   *
   * @returns The counts of just these events.
   * @throws ClientClosedError when the client is closed before the last event.
   */
  sendAll(events: Iterable<Event> | AsyncIterable<Event>, options?: SendAllOptions<Event>): Promise<Summary>;
  /**
   * Sends what is gathered now and waits until everything accepted so far has an outcome.
   *
   * @returns The counts of the events given to `send` since the flush before.
   */
  flush(): Promise<Summary>;
};

export function dataSourceClient<Event>(
  dataSource: string,
  encode: Encode,
  sender: Sender,
): DataSourceClient<Event> {
  const lane = sender.openLane(dataSource);
  return {
    send: (event) => {
      sender.assertOpen();
      return sender.add(lane, encodeOrReject(event, encode, lane, sender));
    },
    ready: () => sender.room(),
    sendAll: (events, options = {}) => sendAll(dataSource, events, options, encode, sender),
    flush: async () => {
      const { tally } = lane;
      // Sealed with the old counts; what is sent from now on counts for the next flush.
      const settled = sender.flush();
      lane.tally = new Tally();
      await settled;
      return tally.summary();
    },
  };
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
  events: Iterable<Event> | AsyncIterable<Event>,
  options: SendAllOptions<Event>,
  encode: Encode,
  sender: Sender,
): Promise<Summary> {
  sender.assertOpen();
  const lane = sender.openLane(dataSource);
  const feed = feeder(lane, options, encode, sender);
  try {
    await each(events, feed);
  } finally {
    await sender.flush(lane.tally);
    sender.closeLane(lane);
  }
  return lane.tally.summary();
}

/** Calls `take` for each event and waits only where it asks to: awaiting every event would cost more than encoding it. */
async function each<Event>(
  events: Iterable<Event> | AsyncIterable<Event>,
  take: (event: Event) => Promise<void> | undefined,
): Promise<void> {
  if (Symbol.asyncIterator in events) {
    for await (const event of events) await take(event);
    return;
  }
  for (const event of events) {
    const pause = take(event);
    if (pause !== undefined) await pause;
  }
}

/** Queues one event after the other; returns a promise where the caller has to pause. */
function feeder<Event>(lane: Lane, options: SendAllOptions<Event>, encode: Encode, sender: Sender) {
  let index = -1;
  let batches = sender.batches;

  const queue = (event: Event, encoded: Encoded, at: number): Promise<void> | undefined => {
    attempt(event, at, () => sender.add(lane, encoded));
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

  const attempt = <T>(event: Event, at: number, action: () => T): T | undefined => {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof InvalidEventError || error instanceof QueueFullError)) throw error;
      options.onRejected?.(event, error, at);
      return undefined;
    }
  };

  return (event: Event): Promise<void> | undefined => {
    index += 1;
    const encoded = attempt(event, index, () => encodeOrReject(event, encode, lane, sender));
    if (encoded === undefined) return undefined;
    return sender.hasRoom(encoded.bytes) ? queue(event, encoded, index) : queueLater(event, encoded, index);
  };
}
