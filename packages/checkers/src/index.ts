export type { RecordedEvent, RecordedHistory, Violation } from './history.ts';
export { checkHistory } from './check-history.ts';
export { startChecks, type HistoryChecks } from './start-checks.ts';
export { startRoll, type Place, type Roll } from './roll.ts';
