import type { Answer, Command, CommandId, EventId, JournalEntry } from '@rollcall/domain';
import {
  createEventWorker,
  type CommitOutcome,
  type DrainLimits,
  type DrainPorts,
  type EngineObserver,
  type EventLock,
  type EventWorker,
  type OpenOffer,
} from '@rollcall/engine';
import { withMailboxFaults, type FaultyMailbox } from './faults/mailbox-faults.ts';
import { withStoreFaults, type FaultyStore } from './faults/store-faults.ts';
import { createInMemoryCountCache } from './in-memory/count-cache.ts';
import { createInMemoryEventLock, type InMemoryEventLock } from './in-memory/event-lock.ts';
import { createInMemoryEventStore, type InMemoryEventStore } from './in-memory/event-store.ts';
import { createInMemoryMailbox, type InMemoryMailbox } from './in-memory/mailbox.ts';
import { createInMemoryWakeUps, type InMemoryWakeUps } from './in-memory/wake-ups.ts';
import { createEvent, openEvent, signupTime, theEventId, type EventParts } from './spec/commands.ts';
import { aCommitId, newCommandId } from './spec/ids.ts';
import { newCommandOf } from './spec/new-command.ts';

/** What the workers of a rig reported. */
export interface Reports {
  readonly commits: (readonly JournalEntry[])[];
  readonly refused: Exclude<CommitOutcome, 'committed'>[];
  readonly warnings: string[];
  busy: number;
}

/** One set of in-memory servers that any number of workers share, with the faults of each within reach. */
export interface Rig {
  readonly database: InMemoryEventStore;
  readonly store: FaultyStore;
  readonly redis: InMemoryMailbox;
  readonly mailbox: FaultyMailbox;
  readonly wakeUps: InMemoryWakeUps;
  readonly lock: InMemoryEventLock;
  readonly counts: DrainPorts['counts'];
  readonly reports: Reports;
  /** Offers that were given a timer, in order. */
  readonly timers: readonly OpenOffer[];
  /** `now` is the wall clock; `msPerLook` is what every look at the stopwatch takes. */
  readonly clock: { now: number; msPerLook: number };
  ports(overrides?: Partial<DrainPorts>): DrainPorts;
  /** A worker process: what it remembers is its own. */
  worker(overrides?: WorkerParts): EventWorker;
  send(...commands: readonly Command[]): Promise<void>;
  /** Sends and decides the creation and the opening of the event: versions 1 and 2. */
  open(worker: EventWorker, parts?: EventParts): Promise<void>;
  /** The last answer published to the command. */
  answerTo(command: { readonly commandId: CommandId }): Answer | undefined;
  /** How many commands wait. */
  depth(eventId?: EventId): Promise<number>;
}

export interface WorkerParts {
  readonly limits?: Partial<DrainLimits>;
  readonly lock?: EventLock;
  readonly ports?: Partial<DrainPorts>;
}

export const someLimits: DrainLimits = {
  batchSizeMax: 500,
  drainMsMax: 1_000,
  attemptsMax: 5,
  lingerMs: 0,
  abandonedCommitMs: 500,
};

export function createRig(): Rig {
  const database = createInMemoryEventStore();
  const clock = { now: signupTime, msPerLook: 0 };
  const redis = createInMemoryMailbox({ now: () => clock.now });
  const [store, mailbox] = [withStoreFaults(database), withMailboxFaults(redis)];
  const [wakeUps, lock, counts] = [createInMemoryWakeUps(), createInMemoryEventLock(), createInMemoryCountCache()];
  const reports: Reports = { commits: [], refused: [], warnings: [], busy: 0 };
  const observer = observerInto(reports);
  const timers: OpenOffer[] = [];
  let elapsed = 0;

  const ports = (overrides: Partial<DrainPorts> = {}): DrainPorts => ({
    store,
    mailbox,
    counts,
    offerTimers: { schedule: async (offers) => void timers.push(...offers) },
    observer,
    now: () => clock.now,
    elapsed: () => (elapsed += clock.msPerLook),
    pause: async () => undefined,
    newCommitId: () => aCommitId(newCommandId().slice(1)),
    backOff: async () => undefined,
    ...overrides,
  });

  const worker = ({ limits, lock: ownLock = lock, ports: own }: WorkerParts = {}): EventWorker =>
    createEventWorker({
      ports: ports(own),
      lock: ownLock,
      wakeUps,
      limits: { ...someLimits, ...limits },
      memoryEventsMax: 10,
    });

  async function send(...commands: readonly Command[]): Promise<void> {
    for (const command of commands) await redis.append(newCommandOf(command));
  }

  return {
    database,
    store,
    redis,
    mailbox,
    wakeUps,
    lock,
    counts,
    timers,
    reports,
    clock,
    ports,
    worker,
    send,
    async open(by, parts = {}) {
      await send(createEvent(parts), openEvent());
      await by.work(theEventId);
    },
    answerTo: ({ commandId }) =>
      redis.published.flatMap(({ answers }) => answers).findLast((answer) => answer.commandId === commandId),
    depth: async (eventId = theEventId) => (await redis.check(eventId))?.depth ?? 0,
  };
}

function observerInto(reports: Reports): EngineObserver {
  return {
    batchCommitted: ({ entries }) => void reports.commits.push(entries),
    commitRefused: (outcome) => void reports.refused.push(outcome),
    abandonedCommitsEnded: () => undefined,
    lockBusy: () => void (reports.busy += 1),
    warned: (message) => void reports.warnings.push(message),
  };
}
