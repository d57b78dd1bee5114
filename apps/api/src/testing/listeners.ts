import type { LiveSeat } from '../live/seat.ts';
import type { Listener } from '../live/stream.ts';

/** What a client of a live stream got. */
export interface FakeListener extends Listener {
  /** The data of its events, in order. */
  readonly got: Readonly<Record<string, unknown>>[];
  readonly ids: string[];
  /** Whether it was told that it is up to date, instead of the state. */
  isUpToDate: boolean;
  ended: string | undefined;
}

/** Sits down at once; a seat that is not there is an error. */
export function listenAt(seat: LiveSeat | undefined): FakeListener {
  if (seat === undefined) throw new Error('there is nothing to listen to');
  const listener: FakeListener = {
    got: [],
    ids: [],
    isUpToDate: false,
    ended: undefined,
    begin(_retryMs, frame, isKnown) {
      if (isKnown) this.isUpToDate = true;
      else this.offer(frame);
    },
    offer(frame) {
      const fields = new Map(
        frame
          .toString()
          .trimEnd()
          .split('\n')
          .map((line) => line.split(/: (.*)/s) as [string, string]),
      );
      this.ids.push(fields.get('id') ?? '');
      this.got.push(JSON.parse(fields.get('data') ?? '') as Record<string, unknown>);
    },
    end(reason) {
      this.ended = reason;
    },
  };
  seat.attach(listener, 0);
  return listener;
}
