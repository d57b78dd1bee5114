export type { RecordedEvent, RecordedHistory, Violation } from './history.ts';
export { checkHistory } from './check-history.ts';
export { startChecks, type HistoryChecks } from './start-checks.ts';
export { startRoll, type Place, type Roll } from './roll.ts';
export { readHistory, type History, type HistoryQuery, type Step } from './read-history.ts';
export { historyDocuments, type HistoryDocument } from './history-documents.ts';
