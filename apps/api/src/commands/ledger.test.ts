import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, CommandId, EventId } from '@rollcall/domain';
import { expect, it } from 'vitest';
import { createLedger } from './ledger.ts';

const [eventA, eventB] = ['eA', 'eB'] as EventId[] as [EventId, EventId];
const id = (text: string) => text as CommandId;

function someLedger(find: (commandIds: readonly CommandId[]) => Promise<readonly Answer[]>, replyMsMax = 50) {
  const asked: [EventId, readonly CommandId[]][] = [];
  const errors: unknown[] = [];
  const clock = { ms: 0 };
  const ledger = createLedger({
    findAnswers: (eventId, commandIds) => {
      asked.push([eventId, commandIds]);
      return find(commandIds);
    },
    gatherMs: 1,
    replyMsMax,
    onError: (error) => errors.push(error),
    elapsed: () => clock.ms,
  });
  return { ledger, asked, errors, clock };
}

const answerTo = (commandId: CommandId): Answer => ({
  eventId: eventA,
  version: 1,
  commandId,
  bodyHash: 'h',
  actorId: undefined,
  result: { kind: 'changed' },
});

it('asks once per event for all that come together', async () => {
  const { ledger, asked } = someLedger(async (commandIds) =>
    commandIds.filter((commandId) => commandId !== 'c2').map(answerTo),
  );
  const entries = await Promise.all([
    ledger.find(eventA, id('c1')),
    ledger.find(eventA, id('c2')),
    ledger.find(eventB, id('c3')),
  ]);
  expect(entries.map(({ kind }) => kind)).toEqual(['answer', 'none', 'answer']);
  expect(asked).toEqual([
    [eventA, ['c1', 'c2']],
    [eventB, ['c3']],
  ]);
});

it('does not wait longer than it may, and then asks nobody for a while', async () => {
  const { ledger, asked, errors, clock } = someLedger(() => delay(10_000, [], { ref: false }), 5);
  expect(await ledger.find(eventA, id('c1'))).toEqual({ kind: 'unavailable' });
  expect(await ledger.find(eventA, id('c1'))).toEqual({ kind: 'unavailable' });
  expect(asked).toHaveLength(1);
  expect(errors).toHaveLength(1);
  clock.ms = 6;
  await ledger.find(eventA, id('c1'));
  expect(asked).toHaveLength(2);
});

it('splits what is more than one query should ask for', async () => {
  const { ledger, asked } = someLedger(async (commandIds) => commandIds.map(answerTo));
  const found = await Promise.all(Array.from({ length: 1100 }, (_, n) => ledger.find(eventA, id(`c${n}`))));
  expect(found.every(({ kind }) => kind === 'answer')).toBe(true);
  expect(asked.map(([, commandIds]) => commandIds.length)).toEqual([500, 500, 100]);
});
