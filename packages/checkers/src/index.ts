export type { RecordedEvent, RecordedHistory, ShownCounts, Violation } from './history.ts';
export { checkHistory } from './check-history.ts';
export { startChecks, type HistoryChecks } from './start-checks.ts';
export { startRoll, type Place, type Roll } from './roll.ts';
export { readHistory, type History, type HistoryQuery, type Step } from './read-history.ts';
export { historyDocuments, type HistoryDocument } from './history-documents.ts';
export { checkAccepted, checkAnswers, type ToldAnswer } from './answers.ts';
export { checkRest, type Remains } from './rest.ts';
