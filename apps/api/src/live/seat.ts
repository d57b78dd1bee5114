import type { Listener } from './stream.ts';

/** What listeners are sent: a state with its id. */
export interface Shown {
  readonly id: string;
  readonly frame: Buffer;
}

/** A client that is to listen; whoever gets one gives it back with `leave`, once. */
export interface LiveSeat {
  /** The state, and from then on what becomes of it. `retryMs`: when the client is to come back once the stream has ended. */
  attach(stream: Listener, retryMs: number): void;
  leave(): void;
}

export interface SeatOptions {
  /** Who is told what is new. */
  readonly streams: Set<Listener>;
  /** The state now. */
  readonly shown: () => Shown;
  /** What the client says it has. It gets the state unless that is the very same. */
  readonly lastEventId: string | undefined;
  readonly release: () => void;
}

export function createSeat({ streams, shown, lastEventId, release }: SeatOptions): LiveSeat {
  let attached: Listener | undefined;
  return {
    attach(stream, retryMs) {
      attached = stream;
      streams.add(stream);
      const { id, frame } = shown();
      stream.begin(retryMs, frame, id === lastEventId);
    },
    leave() {
      if (attached !== undefined) streams.delete(attached);
      release();
    },
  };
}
