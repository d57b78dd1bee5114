import type { Check, RecordedHistory, Violation } from './history.ts';
import { checkLineOrder, checkNobodyPassed, checkPromotions } from './line.ts';
import { checkProjection } from './projection.ts';
import { checkCapacity, checkFreeSeats, checkOneActive } from './seats.ts';
import { checkArrivalOrder, checkDecidedOnce, checkVersions } from './versions.ts';

export const allChecks: readonly Check[] = [
  checkVersions,
  checkDecidedOnce,
  checkArrivalOrder,
  checkCapacity,
  checkFreeSeats,
  checkOneActive,
  checkPromotions,
  checkNobodyPassed,
  checkLineOrder,
  checkProjection,
];

/** Runs every check; an empty list means that nothing was found. */
export function checkHistory(history: RecordedHistory): readonly Violation[] {
  return allChecks.flatMap((check) => check(history));
}
