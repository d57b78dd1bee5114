export type { RecordedEvent, RecordedHistory, Violation } from './history.ts';
export { checkHistory } from './check-history.ts';
