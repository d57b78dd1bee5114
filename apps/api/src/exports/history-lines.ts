import { historyDocuments, readHistory, type HistoryQuery } from '@rollcall/checkers';
import type { HistoryLine } from '@rollcall/contracts/http';
import type { JournalEntry } from '@rollcall/domain';
import { inPieces } from './pieces.ts';
import { inTurns } from './turns.ts';

/** A history as lines of JSON, piece by piece. The first one is made when all decisions have been folded. */
export const historyLines = (entries: AsyncIterable<JournalEntry>, query: HistoryQuery): AsyncIterable<string> =>
  inPieces(linesOf(inTurns(entries), query));

async function* linesOf(
  entries: AsyncIterable<JournalEntry>,
  query: HistoryQuery,
): AsyncGenerator<string, void, undefined> {
  for (const document of historyDocuments(await readHistory(entries, query))) {
    yield `${JSON.stringify(document satisfies HistoryLine)}\n`;
  }
}
