import { watchAllowed } from './allowed.ts';
import { watchDemotions } from './demotions.ts';
import { watchFacts } from './facts.ts';
import type { RecordedHistory, Violation } from './history.ts';
import { watchLineOrder, watchPromotions } from './line.ts';
import { watchMoves } from './moves.ts';
import { watchObligations } from './obligations.ts';
import { watchOffers } from './offers.ts';
import { checkProjection } from './projection.ts';
import { watchCapacity, watchFreeSeats, watchNobodyPassed } from './seats.ts';
import { watchTold } from './told.ts';
import { watchOneActive, watchUserLimit } from './users.ts';
import { checkArrivalOrder, checkDecidedOnce, checkVersions } from './versions.ts';
import { watchAll, type StartWatch } from './watch.ts';

const watches: readonly StartWatch[] = [
  watchFacts,
  watchCapacity,
  watchFreeSeats,
  watchNobodyPassed,
  watchPromotions,
  watchLineOrder,
  watchOffers,
  watchMoves,
  watchDemotions,
  watchObligations,
  watchOneActive,
  watchUserLimit,
  watchAllowed,
  watchTold,
];

/** Runs every check; an empty list means that nothing was found. */
export function checkHistory(history: RecordedHistory): readonly Violation[] {
  const { folded, violations } = watchAll(history.entries, watches);
  return [
    ...checkVersions(history),
    ...checkDecidedOnce(history),
    ...checkArrivalOrder(history),
    ...violations,
    ...checkProjection(folded, history),
  ];
}
