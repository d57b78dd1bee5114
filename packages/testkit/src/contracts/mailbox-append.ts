import { eventIdFor } from '@rollcall/domain';
import type { NewCommand } from '@rollcall/engine';
import { describe, expect, it } from 'vitest';
import { newCommandId } from '../spec/ids.ts';
import type { MailboxBench } from './mailbox-bench.ts';

/** Taking commands, and saying where they stand. */
export function appendContract(bench: () => MailboxBench): void {
  describe('append', () => {
    it('says how many stand ahead, and that a wake-up is due for the first alone', async () => {
      const { mailbox, aCommand } = bench();
      expect(await mailbox.append(aCommand('ann'))).toEqual({ kind: 'new', ahead: 0, wakeUpDue: true });
      expect(await mailbox.append(aCommand('bob'))).toEqual({ kind: 'new', ahead: 1, wakeUpDue: false });
      expect(await mailbox.append(aCommand('cem'))).toEqual({ kind: 'new', ahead: 2, wakeUpDue: false });
    });

    it('counts each event by itself', async () => {
      const { mailbox, aCommand, append, commandIds } = bench();
      await append('ann', 'bob');
      const other = eventIdFor(newCommandId());
      expect(await mailbox.append(aCommand('cem', other))).toEqual({ kind: 'new', ahead: 0, wakeUpDue: true });
      expect(await commandIds()).toHaveLength(2);
    });

    it('is due a wake-up again after everything was done', async () => {
      const { mailbox, aCommand, append, finish } = bench();
      await append('ann');
      await finish(1);
      expect(await mailbox.append(aCommand('bob'))).toEqual({ kind: 'new', ahead: 0, wakeUpDue: true });
    });

    it('takes a repeat once, and answers with the hash that came first', async () => {
      const { mailbox, append, commandIds } = bench();
      const [first] = await append('ann');
      expect(await mailbox.append({ ...first!, bodyHash: 'another' })).toEqual({
        kind: 'repeat',
        bodyHash: 'hash-ann',
        wakeUpDue: true,
      });
      expect(await commandIds()).toEqual([first!.commandId]);
    });

    it('remembers a repeat after it was decided, and wakes nobody for it', async () => {
      const { mailbox, append, read, finish } = bench();
      const [first] = await append('ann');
      await finish(1);
      expect(await mailbox.append(first!)).toEqual({ kind: 'repeat', bodyHash: 'hash-ann', wakeUpDue: false });
      expect(await read()).toEqual([]);
    });

    it('takes one of many repeats that come at the same time', async () => {
      const { mailbox, aCommand, commandIds } = bench();
      const command = aCommand();
      const results = await Promise.all(Array.from({ length: 8 }, () => mailbox.append(command)));
      expect(results.filter(({ kind }) => kind === 'new')).toHaveLength(1);
      expect(await commandIds()).toEqual([command.commandId]);
    });

    it('takes nothing at its cap, but still knows what it took, and goes on when there is room', async () => {
      const { adapter, mailbox, aCommand, append, read, finish } = bench();
      const users = Array.from({ length: adapter.depthMax }, (_, index) => `user-${index}`);
      const [first] = await append(...users);
      const late = aCommand('late');
      expect(await mailbox.append(late)).toEqual({ kind: 'full' });
      expect(await read(adapter.depthMax + 1)).toHaveLength(adapter.depthMax);
      expect(await mailbox.append(first!)).toMatchObject({ kind: 'repeat', bodyHash: 'hash-user-0' });
      await finish(1);
      expect(await mailbox.append(late)).toMatchObject({ kind: 'new', ahead: adapter.depthMax - 1 });
    });
  });

  describe('findPending', () => {
    it('says who sent it and how many stand ahead now, and nothing once the command was done', async () => {
      const { mailbox, eventId, append, finish } = bench();
      const [ann, bob] = await append('ann', 'bob', 'cem');
      const place = (command: NewCommand) => mailbox.findPending(eventId, command.commandId);
      expect([await place(ann!), await place(bob!)]).toEqual([
        { ahead: 0, senderId: 'ann' },
        { ahead: 1, senderId: 'bob' },
      ]);
      await finish(1);
      expect([await place(ann!), await place(bob!)]).toEqual([undefined, { ahead: 0, senderId: 'bob' }]);
    });

    it('knows nothing of a command that nobody sent', async () => {
      const { mailbox, eventId, append } = bench();
      await append('ann');
      expect(await mailbox.findPending(eventId, newCommandId())).toBeUndefined();
    });
  });
}
