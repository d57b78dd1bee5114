import type { CommandStartedEvent, Document } from 'mongodb';
import type { Collections } from './connect.ts';

/** What the planner did for one query. */
export interface Explained {
  readonly command: Document;
  readonly stages: readonly string[];
  readonly keysExamined: number;
  readonly documentsExamined: number;
}

const queries = new Set(['find', 'aggregate', 'count', 'distinct']);
const explainable = new Set([
  'find',
  'aggregate',
  'filter',
  'pipeline',
  'sort',
  'limit',
  'projection',
  'hint',
  'cursor',
  'distinct',
  'key',
  'query',
]);

/** Runs a function and explains every query that it sent, as it was sent. For tests; the client must monitor its commands. */
export async function explainQueries(
  { client, db }: Collections,
  run: () => Promise<unknown>,
): Promise<readonly Explained[]> {
  const sent: Document[] = [];
  const listener = ({ commandName, command }: CommandStartedEvent) => {
    if (queries.has(commandName)) sent.push(command);
  };
  client.on('commandStarted', listener);
  await run();
  client.off('commandStarted', listener);
  return Promise.all(
    sent.map(async (command) => {
      const explain = Object.fromEntries(Object.entries(command).filter(([field]) => explainable.has(field)));
      return summaryOf(command, await db.command({ explain, verbosity: 'executionStats' }));
    }),
  );
}

function summaryOf(command: Document, plan: Document): Explained {
  const stages = new Set<string>();
  let keysExamined = 0;
  let documentsExamined = 0;
  // Totals stand once per cursor; the stages below it repeat them.
  const walk = (value: unknown, inTotals: boolean): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [field, inner] of Object.entries(value)) {
      if (field === 'stage' && typeof inner === 'string') stages.add(inner);
      if (field === 'totalKeysExamined' && !inTotals) keysExamined += Number(inner);
      if (field === 'totalDocsExamined' && !inTotals) documentsExamined += Number(inner);
      if (field !== 'rejectedPlans' && field !== 'allPlansExecution')
        walk(inner, inTotals || field === 'executionStages');
    }
  };
  walk(plan, false);
  return { command, stages: [...stages], keysExamined, documentsExamined };
}
