import type { EventId } from '@rollcall/domain';
import type { ChangeStep, EventChange, ResumePoint } from './ports.ts';

/** Changes that are seen to together: of each event the latest. */
export interface RipeChanges {
  readonly changes: ReadonlyMap<EventId, EventChange>;
  /** All that lies before it is in here, or has been seen to. */
  readonly resumePoint: ResumePoint | undefined;
}

/** Changes on their way from the store to whoever sees to them. Of each event only the latest counts. */
export interface PendingChanges {
  note(change: EventChange): void;
  step(step: ChangeStep): void;
  /** Those that have waited for a whole turn: until then the worker that committed has time to do it all itself. */
  takeRipe(): RipeChanges;
  /** Some could not be seen to: they come again with the next turn, and no resume point before that. */
  giveBack(ripe: RipeChanges): void;
}

export function createPendingChanges(): PendingChanges {
  let young = new Map<EventId, EventChange>();
  let ripe = new Map<EventId, EventChange>();
  let reached: ResumePoint | undefined;
  let reachedByRipe: ResumePoint | undefined;

  return {
    note: (change) => void young.set(change.eventId, change),
    step({ change, resumePoint }) {
      if (change !== undefined) young.set(change.eventId, change);
      reached = resumePoint;
    },
    takeRipe() {
      const taken = { changes: ripe, resumePoint: reachedByRipe };
      [ripe, reachedByRipe] = [young, reached];
      young = new Map();
      return taken;
    },
    giveBack({ changes }) {
      // A later one of the same event is in its place.
      ripe = new Map([...changes, ...ripe]);
    },
  };
}
