import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { UserId } from '@rollcall/domain';
import { every, type Repeating } from '@rollcall/runtime';
import { inSlices } from './slices.ts';
import { LiveStream, type EndReason, type LiveKind } from './stream.ts';
import { createTally } from './tally.ts';

interface Who {
  readonly address: string;
  readonly userId: UserId | undefined;
}

/** Room for one stream, to be opened or given back. */
interface LivePlace {
  /**
   * Undefined when the process has begun to stop, the client has gone, or waits for another answer on the same connection:
   * then the place is given back.
   *
   * @param endsInMsMax when it ends at the latest, if that is sooner than streams end anyway
   * @param onClosed called once, however it ends
   */
  open(
    kind: LiveKind,
    raw: ServerResponse,
    endsInMsMax: number,
    onClosed: (stream: LiveStream) => void,
  ): LiveStream | undefined;
  leave(): void;
}

/** All open streams: how many there may be, what time does to them, and their end. */
export interface LiveStreams {
  count(kind: LiveKind): number;
  /** Undefined when as many are open as may be, of this user, of their address, or of all. */
  admit(who: Who): LivePlace | undefined;
  /** When to come back, in ms, for who listens: each is told another time, or all would come at once. */
  retryMs(): number;
  /** The same for a time at which many have to: they come within a while. */
  returnMs(): number;
  start(): void;
  /** No more of them; ends all, and breaks off those that do not take it. */
  close(): Promise<void>;
}

export interface LiveStreamsOptions {
  readonly countMax: number;
  readonly perAddressMax: number;
  readonly perUserMax: number;
  readonly heartbeatMs: number;
  readonly stalledMsMax: number;
  readonly streamMsMax: number;
  readonly retryMs: number;
  readonly returnSpreadMs: number;
  readonly elapsed: () => number;
  /** From 0 to 1, without it. */
  readonly random: () => number;
  readonly onEnded: (kind: LiveKind, reason: EndReason) => void;
  readonly onError: (error: unknown) => void;
}

/** Streams end up to so much of their time early, so that those that began together do not end together. */
const endJitter = 0.1;
const tendEveryMsMax = 1000;
/** How long the last words may take to be read. */
const lastWordsMsMax = 2000;
const closedLookMs = 20;

export function createLiveStreams(options: LiveStreamsOptions): LiveStreams {
  const { countMax, perAddressMax, perUserMax, elapsed, random } = options;
  const open = new Map<LiveStream, ServerResponse>();
  const kinds = createTally<LiveKind>();
  const addresses = createTally<string>();
  const users = createTally<UserId>();
  let places = 0;
  let closed = false;
  let tending: Repeating | undefined;

  const retryMs = () => options.retryMs * (1 + random());
  const returnMs = () => options.retryMs + options.returnSpreadMs * random();

  function admit({ address, userId }: Who): LivePlace | undefined {
    const isFull =
      places >= countMax ||
      addresses.of(address) >= perAddressMax ||
      (userId !== undefined && users.of(userId) >= perUserMax);
    if (closed || isFull) return undefined;
    places += 1;
    addresses.add(address);
    if (userId !== undefined) users.add(userId);
    let left = false;
    const leave = () => {
      if (left) return;
      left = true;
      places -= 1;
      addresses.remove(address);
      if (userId !== undefined) users.remove(userId);
    };
    return {
      leave,
      open(kind, raw, endsInMsMax, onClosed) {
        // Behind an answer that is not finished yet it has no socket, and would not be told when the connection goes.
        if (closed || raw.destroyed || raw.socket === null) {
          leave();
          return undefined;
        }
        const endsInMs = Math.min(endsInMsMax, options.streamMsMax * (1 - endJitter * random()));
        const stream = new LiveStream({ ...options, kind, raw, endsAtMs: elapsed() + endsInMs });
        open.set(stream, raw);
        kinds.add(kind);
        raw.once('close', () => {
          open.delete(stream);
          kinds.remove(kind);
          leave();
          options.onEnded(kind, stream.endReason);
          onClosed(stream);
        });
        return stream;
      },
    };
  }

  return {
    count: (kind) => kinds.of(kind),
    admit,
    retryMs,
    returnMs,
    start() {
      const everyMs = Math.min(tendEveryMsMax, options.heartbeatMs);
      tending = every(everyMs, () => inSlices(open.keys(), (stream) => stream.tend()), options.onError);
    },
    async close() {
      closed = true;
      await tending?.stop();
      const sockets = [...open.values()].map(({ socket }) => socket);
      await inSlices(open.keys(), (stream) => stream.end('shutdown', returnMs()));
      for (const until = elapsed() + lastWordsMsMax; open.size > 0 && elapsed() < until;) await delay(closedLookMs);
      // A reader that stands still, or never lets go of its connection, would keep the process from stopping.
      for (const socket of sockets) socket?.destroy();
    },
  };
}
