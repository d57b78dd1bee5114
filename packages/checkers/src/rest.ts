import type { Violation } from './history.ts';

/** What may still be under way for an event. */
export interface Remains {
  /** Commands in its mailbox. */
  readonly waiting: number;
  /** It is marked as one whose mailbox somebody has to see to. */
  readonly isMarked: boolean;
  /** Wake-ups that their queue has given up. */
  readonly failedWakeUps: number;
}

/** When all has come to rest nothing is left that nobody sees to. */
export function checkRest({ waiting, isMarked, failedWakeUps }: Remains): readonly Violation[] {
  const left = [
    ...(waiting > 0 ? [`${waiting} commands wait`] : []),
    ...(isMarked ? ['it is marked as one that has to be seen to'] : []),
    ...(failedWakeUps > 0 ? [`${failedWakeUps} wake-ups have failed`] : []),
  ];
  return left.map((message) => ({ check: 'left-alone', message }));
}
