import { eventIdFor, registrationIdFor } from '@rollcall/domain';
import { describe, expect, it } from 'vitest';
import { cancelById } from '../spec/commands.ts';
import { aUserId, newCommandId } from '../spec/ids.ts';
import { newCommandOf } from '../spec/new-command.ts';
import type { MailboxBench } from './mailbox-bench.ts';

/** What a mailbox can tell of somebody who is to be forgotten. */
export function tracesContract(bench: () => MailboxBench): void {
  describe('traces of a user', () => {
    it('are found at the events where something of them waits', async () => {
      const { mailbox, eventId, aCommand, append, finish } = bench();
      const [second, third] = [eventIdFor(newCommandId()), eventIdFor(newCommandId())];
      const odd = 'ann "of" the\u2028hills \\ 🌱';
      await append('ann', odd, 'bob');
      await mailbox.append(aCommand(odd, second));
      await mailbox.append(aCommand('bob', third));
      expect((await mailbox.findWaitingOf(aUserId(odd))).toSorted()).toEqual([eventId, second].toSorted());
      expect(await mailbox.findWaitingOf(aUserId('ann'))).toEqual([eventId]);
      // Half of an id is another.
      expect(await mailbox.findWaitingOf(aUserId('an'))).toEqual([]);
      await finish(2);
      expect(await mailbox.findWaitingOf(aUserId(odd))).toEqual([second]);
    });

    it('are found behind whatever stands before them, damaged or not', async () => {
      const { adapter, mailbox, eventId } = bench();
      await adapter.plantRaw(eventId, { c: newCommandId(), p: '{"userId":"ann","no' });
      expect(await mailbox.findWaitingOf(aUserId('ann'))).toEqual([eventId]);
    });

    it('are dropped from the dead letters, and nothing else is', async () => {
      const { adapter, mailbox, eventId, append } = bench();
      const registrationId = registrationIdFor(newCommandId());
      await append('ann', 'bob');
      await adapter.plantRaw(eventId, { x: 'a letter', p: '{"userId":"ann"' });
      await mailbox.append(newCommandOf(cancelById(registrationId, { eventId, by: 'staff', reason: 'what a person' })));
      for (const { entryId } of await mailbox.readHead(eventId, 10)) await mailbox.bury(eventId, entryId);
      const named = { userId: aUserId('ann'), registrationIds: [registrationId] };
      expect(await mailbox.removeDeadLetters(named)).toBe(3);
      expect((await adapter.buried(eventId)).map(({ p }) => p)).toEqual([expect.stringContaining('"bob"')]);
      expect(await mailbox.removeDeadLetters(named)).toBe(0);
      // What waits is decided first.
      expect(await mailbox.readHead(eventId, 10)).toHaveLength(4);
    });
  });
}
