import type { EventId } from '@rollcall/domain';
import type { EventWorker } from './event-worker.ts';
import type { EngineObserver, Mailbox, MailboxHead, WakeUps } from './ports.ts';

export interface SweeperOptions {
  readonly mailbox: Mailbox;
  readonly wakeUps: WakeUps;
  readonly worker: EventWorker;
  readonly observer: Pick<EngineObserver, 'warned'> & {
    swept(mailboxes: readonly MailboxHead[]): void;
    sweeperDrained(eventId: EventId, withLock: boolean): void;
  };
  /** How many events it drains by itself at the same time. */
  readonly drainsMax: number;
}

export interface Sweeper {
  /** One look at every dirty mailbox. Resolves after the look; drains that it started go on. */
  sweep(): Promise<void>;
  /** Resolves when no drain of its own is under way. */
  settled(): Promise<void>;
}

/**
 * Nearly all that a sweep finds was taken a moment ago, or waits for its turn, and its wake-up is where it belongs: another is
 * added when three sweeps more have found the same head, and then ever more seldom. With 500 mailboxes in use, one for each
 * of them at each sweep was more work for Redis than all the rest; and with four workers behind by more than a second,
 * each with a sweeper, one at the second sweep still made two jobs out of one. Until then the sweeper's own drains go on.
 */
const isWakeUpDue = (sweeps: number): boolean => sweeps > 2 && (sweeps & (sweeps - 1)) === 0;

interface Watched {
  readonly entryId: string;
  /** Sweeps in a row that have found this head. */
  sweeps: number;
  /** Attempts in a row on the same head that found the lock taken. */
  busySweeps: number;
}

/**
 * Sees to it that no mailbox is left alone, whatever became of its wake-up. A mailbox whose head has not moved since the
 * last sweep is drained here, without the queue; if its lock stays taken for two sweeps, without the lock: then the
 * holder is dead or paused, and the compare-and-set is the judge.
 */
export function createSweeper({ mailbox, wakeUps, worker, observer, drainsMax }: SweeperOptions): Sweeper {
  let watched = new Map<EventId, Watched>();
  const drains = new Map<EventId, Promise<void>>();

  async function sweep(): Promise<void> {
    const next = new Map<EventId, Watched>();
    const heads: MailboxHead[] = [];
    await Promise.all(
      (await mailbox.dirtyEvents()).map(async (eventId) => {
        try {
          const head = await mailbox.check(eventId);
          if (head === undefined) return;
          heads.push(head);
          const before = watched.get(eventId);
          // The same object while the head has not moved: a lock attempt may outlast a sweep.
          const now = before?.entryId === head.entryId ? before : { entryId: head.entryId, sweeps: 0, busySweeps: 0 };
          now.sweeps += 1;
          next.set(eventId, now);
          if (now === before && !drains.has(eventId) && drains.size < drainsMax) startDrain(eventId, now);
          if (isWakeUpDue(now.sweeps)) await wakeUps.add(eventId);
        } catch (error) {
          observer.warned('the sweeper could not see to a mailbox', eventId, error);
        }
      }),
    );
    watched = next;
    observer.swept(heads);
  }

  function startDrain(eventId: EventId, state: Watched): void {
    const running = drainHere(eventId, state)
      .catch((error: unknown) => observer.warned('the sweeper could not drain', eventId, error))
      .finally(() => drains.delete(eventId));
    drains.set(eventId, running);
  }

  async function drainHere(eventId: EventId, state: Watched): Promise<void> {
    if (state.busySweeps >= 2) {
      await worker.workWithoutLock(eventId);
      observer.sweeperDrained(eventId, false);
      return;
    }
    // Counted before it is known: a lock that fails is no better than one that is taken.
    state.busySweeps += 1;
    if ((await worker.work(eventId)) === 'busy') return;
    state.busySweeps = 0;
    observer.sweeperDrained(eventId, true);
  }

  return {
    sweep,
    async settled() {
      await Promise.all(drains.values());
    },
  };
}
