export type { Check, RecordedHistory, Violation } from './history.ts';
export { checkArrivalOrder, checkDecidedOnce, checkVersions } from './versions.ts';
export { checkCapacity, checkFreeSeats, checkOneActive } from './seats.ts';
export { checkLineOrder, checkNobodyPassed, checkPromotions } from './line.ts';
export { checkProjection } from './projection.ts';
export { allChecks, checkHistory } from './check-history.ts';
