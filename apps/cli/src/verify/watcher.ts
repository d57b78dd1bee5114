import type { Violation } from '@rollcall/checkers';
import type { EventId } from '@rollcall/domain';

/** Something that is not as the journal says, with the versions around it. */
export interface Difference extends Violation {
  readonly eventId: EventId;
  readonly versions: readonly [from: number, to: number];
}

export interface Progress {
  readonly eventId: EventId;
  readonly what: 'decisions' | 'registrations';
  readonly done: number;
  readonly of: number;
}

export interface Watcher {
  difference(difference: Difference): void;
  /** Awaited after each batch, so that a slow reader of the output holds us up and not the memory. */
  progress(progress: Progress): Promise<void>;
}
