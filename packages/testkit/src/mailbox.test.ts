import type { Answer } from '@rollcall/domain';
import { mailboxContract } from './contracts/mailbox.ts';
import { createInMemoryMailbox } from './in-memory/mailbox.ts';

mailboxContract('in memory', async () => {
  const depthMax = 15;
  const mailbox = createInMemoryMailbox({ now: Date.now, depthMax });
  return {
    mailbox,
    depthMax,
    plantRaw: async (eventId, fields) => mailbox.plantRaw(eventId, fields),
    plantDirty: async (eventId) => mailbox.plantDirty(eventId),
    buried: async (eventId) => mailbox.dead.get(eventId) ?? [],
    answersHeard: (): readonly Answer[] => mailbox.published.flatMap(({ answers }) => answers),
    close: async () => undefined,
  };
});
