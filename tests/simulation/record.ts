import type { Answer, CommandId, EventId } from '@rollcall/domain';

/** What the people of a run were told, and what happened to the servers: all that a judge may know besides what is stored. */
export interface RunRecord {
  /** Each command that somebody sent, by id. */
  readonly sent: Map<CommandId, Sent>;
  readonly told: Told[];
  /** Answers that contradict what is promised, seen while it ran. */
  readonly violations: string[];
  /** When commands that had been accepted could be lost, with the reason. */
  readonly losses: Loss[];
}

interface Sent {
  readonly eventId: EventId;
  /** When somebody was first told that it was taken, in virtual ms; undefined: nobody was. */
  takenAt: number | undefined;
}

interface Told {
  readonly at: number;
  readonly answer: Answer;
}

/** What is lost with a server's memory. */
export interface Loss {
  readonly kind: 'redis' | 'mongo';
  /** What came after what was restored, and before this moment, was lost. */
  readonly until: number;
  /** The versions that events had in what was restored. */
  readonly versions: ReadonlyMap<EventId, number>;
}

export const newRecord = (): RunRecord => ({
  sent: new Map(),
  told: [],
  violations: [],
  losses: [],
});
