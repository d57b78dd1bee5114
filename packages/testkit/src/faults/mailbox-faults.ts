import type { Mailbox } from '@rollcall/engine';

/** `lost`: nothing happened; `landed`: it happened and the reply got lost. Both throw. */
export type DoneFault = 'lost' | 'landed';

export interface FaultyMailbox extends Mailbox {
  failNextDone(fault: DoneFault): void;
  /** Runs once, just before the next read of the head. */
  beforeReadHead(act: () => Promise<unknown>): void;
}

export function withMailboxFaults(mailbox: Mailbox): FaultyMailbox {
  const faults: DoneFault[] = [];
  let act: (() => Promise<unknown>) | undefined;
  return {
    async readHead(eventId, countMax) {
      const now = act;
      act = undefined;
      await now?.();
      return mailbox.readHead(eventId, countMax);
    },
    bury: (eventId, entryId) => mailbox.bury(eventId, entryId),
    async done(eventId, entryIds, publication) {
      const fault = faults.shift();
      if (fault === 'lost') throw new Error('planted: done did not arrive');
      const left = await mailbox.done(eventId, entryIds, publication);
      if (fault === 'landed') throw new Error('planted: the reply of done got lost');
      return left;
    },
    dirtyEvents: () => mailbox.dirtyEvents(),
    check: (eventId) => mailbox.check(eventId),
    failNextDone: (fault) => void faults.push(fault),
    beforeReadHead: (planted) => void (act = planted),
  };
}
