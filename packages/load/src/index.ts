export { expectedArrivals } from './arrivals.ts';
export { checkReplies, type DecidedReply } from './judge/check-replies.ts';
export { mergeResults } from './merge.ts';
export type { Progress } from './progress.ts';
export { answersOf, countText, msText, rowsOf, totalsText, verdictText, warningsOf } from './report/figures.ts';
export { reportHtml } from './report/html.ts';
export { runLoad, type RunOptions } from './run.ts';
export { resultFormat, type LoadResult } from './result.ts';
