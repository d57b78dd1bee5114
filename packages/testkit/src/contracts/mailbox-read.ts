import { describe, expect, it } from 'vitest';
import { newCommandId } from '../spec/ids.ts';
import type { MailboxBench } from './mailbox-bench.ts';

/** What a worker reads, whole or damaged. */
export function readHeadContract(bench: () => MailboxBench): void {
  describe('readHead', () => {
    it('gives back what was appended, with the time at which it was taken', async () => {
      const { mailbox, eventId, aCommand, read } = bench();
      const command = aCommand('ann');
      await mailbox.append(command);
      const [entry] = await read();
      const { commandId, bodyHash, body } = command;
      expect(entry).toMatchObject({ kind: 'command', bodyHash, command: { ...body, commandId, eventId } });
      const at = entry?.kind === 'command' ? entry.command.acceptedAt : undefined;
      expect(Number.isSafeInteger(at) && Number(at) > 0).toBe(true);
    });

    it('reads in the order of the appends, at most as many as asked, and removes nothing', async () => {
      const { append, commandIds } = bench();
      const appended = (await append('ann', 'bob', 'cem', 'dan')).map(({ commandId }) => commandId);
      expect(await commandIds(3)).toEqual(appended.slice(0, 3));
      expect(await commandIds()).toEqual(appended);
    });

    it('keeps the order past ten, where numbers as text would not', async () => {
      const { append, commandIds, finish } = bench();
      for (let n = 0; n < 2; n += 1) {
        await append('ann', 'bob', 'cem', 'dan');
        await finish(4);
      }
      const appended = (await append('ninth', 'tenth', 'eleventh', 'twelfth')).map(({ commandId }) => commandId);
      expect(await commandIds()).toEqual(appended);
    });

    it('is empty for an event that nobody wrote to', async () => {
      const { read } = bench();
      expect(await read()).toEqual([]);
    });
  });

  describe('damaged entries', () => {
    it.each([
      ['text that is not JSON', '{"half'],
      ['JSON that is not a command', '{"type":"Nonsense"}'],
      ['an empty payload', ''],
    ])('names the command of an entry with %s', async (_what, p) => {
      const { adapter, eventId, read } = bench();
      const commandId = newCommandId();
      await adapter.plantRaw(eventId, { c: commandId, at: '1900000000000', p });
      const [entry] = await read();
      expect(entry).toMatchObject({ kind: 'unreadable', commandId, acceptedAt: 1_900_000_000_000 });
    });

    it.each([
      ['without an id', { at: '1900000000000', p: '{}' }],
      ['with an id that is none', { c: 'not-an-id', at: '1900000000000', p: '{}' }],
    ])('calls an entry %s dead, and buries it with its fields', async (_what, fields) => {
      const { adapter, mailbox, eventId, append, read } = bench();
      await append('ann');
      await adapter.plantRaw(eventId, fields);
      await append('bob');
      const entries = await read();
      expect(entries.map(({ kind }) => kind)).toEqual(['command', 'dead', 'command']);
      await mailbox.bury(eventId, entries[1]!.entryId);
      expect(await adapter.buried(eventId)).toEqual([expect.objectContaining(fields)]);
      expect(await read()).toHaveLength(3);
    });
  });
}
