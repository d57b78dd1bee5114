import {
  changesMax,
  importStepId,
  type Command,
  type CommandId,
  type Decision,
  type EventId,
  type ImportBody,
  type Instant,
} from '@rollcall/domain';
import { decideAndCommit, dischargeAndCommit, type Attempt, type AttemptPorts } from './attempt.ts';
import type { DecidableEntry } from './decide-batch.ts';
import type { DrainPorts } from './drain-ports.ts';
import { refusalToCreate } from './creation.ts';
import { createIsolation } from './isolation.ts';
import { createKnownRegistrations } from './known-registrations.ts';
import { catchUp, sameHead, type EventMemory } from './memory.ts';
import { recover } from './recover.ts';

/** Where a test can have an import killed. */
export const importPoints = ['import-before-commit', 'import-after-commit'] as const;
export type ImportPoint = (typeof importPoints)[number];

export interface ImportPorts extends Pick<
  DrainPorts,
  'store' | 'observer' | 'now' | 'elapsed' | 'newCommitId' | 'backOff'
> {
  readonly reach?: (point: ImportPoint) => void;
}

/** A command of an import; with an id of its own it is decided once, however often it is asked for. */
export type ImportOrder = ImportBody & { readonly commandId?: CommandId };

export type ImportOutcome =
  | {
      readonly kind: 'applied';
      /** What became of each, in their order. */
      readonly decisions: readonly Decision[];
      /** Of the event after all of them; 0 while there is none. */
      readonly version: number;
    }
  /** The event was of another version, or somebody else came between: what was committed before that stays. */
  | { readonly kind: 'moved' };

export interface Importer {
  /**
   * Decides the commands one after the other and commits them in batches, with all that follows from them. Past mailbox and
   * lock: the system before leads the event and all other commands are refused, so there is no order to keep, and the
   * compare-and-set judges.
   *
   * Safe to do again after it was interrupted, for commands with ids; of the others the caller looks first at what there is.
   * @param version what the event must be of, 0 while there is none: what the commands say is true only of that
   * @throws Error when commits keep failing, or the store can't be reached; what was committed before stays.
   */
  apply(eventId: EventId, version: number, orders: readonly ImportOrder[]): Promise<ImportOutcome>;
}

/** Commits in a row that did not land before an import gives up. */
const attemptsMax = 10;
/** How long a commit that it waits for may be left alone before it counts as abandoned, in ms. */
const abandonedCommitMs = 2_000;

export function createImporter(ports: ImportPorts): Importer {
  return { apply: (eventId, version, orders) => applyOrders(ports, eventId, version, orders) };
}

async function applyOrders(
  ports: ImportPorts,
  eventId: EventId,
  version: number,
  orders: readonly ImportOrder[],
): Promise<ImportOutcome> {
  const { store } = ports;
  const acceptedAt = ports.now();
  const progress = createProgress(orders);
  const isolation = createIsolation(changesMax);
  let memory = await catchUp(store, eventId, undefined);
  if ((memory.head?.version ?? 0) !== version) return { kind: 'moved' };
  let moved = false;
  const known = createKnownRegistrations(memory.head === undefined);
  const attempting: AttemptPorts = { ...ports, store: known.over(reaching(ports)) };
  let lookUp = false;
  let failures = 0;

  async function landed(attempt: Attempt): Promise<boolean> {
    if (attempt.outcome === 'committed') {
      failures = 0;
      memory = attempt.after;
      known.wrote(attempt.writes);
      return true;
    }
    known.forget();
    failures += 1;
    const { outcome } = attempt;
    await recover(ports, { attemptsMax, abandonedCommitMs }, { eventId, outcome, failures });
    const isThere = outcome === 'unknown' && (await isInJournal(store, eventId, attempt));
    const expected = isThere ? attempt.after.head : memory.head;
    memory = await catchUp(store, eventId, memory.proven ? memory : undefined);
    moved = !sameHead(memory.head, expected);
    lookUp = true;
    return isThere;
  }

  for (;;) {
    if (moved) return { kind: 'moved' };
    if (memory.current?.obligation !== undefined) {
      await landed(await dischargeAndCommit(attempting, memory));
      continue;
    }
    let waiting = progress.next(isolation.batchSize);
    if (waiting.length === 0) {
      return { kind: 'applied', decisions: progress.decisions(), version: memory.head?.version ?? 0 };
    }
    if (lookUp) {
      const given = waiting.flatMap(({ order }) => order.commandId ?? []);
      const decided = given.length === 0 ? [] : await store.findDecisions(eventId, given);
      const decisions = new Map(decided.map(({ commandId, decision }) => [commandId, decision]));
      for (const { index, order } of waiting) {
        const decision = order.commandId && decisions.get(order.commandId);
        if (decision !== undefined) progress.decided(index, decision);
      }
      lookUp = decided.length > 0;
      if (lookUp) continue;
      waiting = progress.next(isolation.batchSize);
    }
    const entries = isolation.apply(entriesFor(waiting, { eventId, acceptedAt, memory }));
    const [first] = entries;
    const refusal = first && memory.current === undefined ? refusalToCreate(eventId, first) : undefined;
    if (refusal !== undefined) {
      // Where there is no event there is no version to write a refusal with.
      if (waiting[0] !== undefined) progress.decided(waiting[0].index, refusal);
      continue;
    }
    const attempt = await decideAndCommit(attempting, memory, entries);
    // The ledger was asked and knew none of them: then a duplicate is not of a decision.
    const isHopeless = attempt.outcome === 'refused' || (attempt.outcome === 'duplicate' && failures > 0);
    if (isHopeless) isolation.suspect(entries);
    if (!(await landed(attempt))) continue;
    isolation.landed(attempt.entries.map(({ commandId }) => commandId));
    for (const [n, { decision }] of attempt.entries.entries()) {
      const one = waiting[n];
      if (one !== undefined) progress.decided(one.index, decision);
    }
  }
}

/** The store with the points around its commits. */
function reaching({ store, reach }: ImportPorts): AttemptPorts['store'] {
  if (reach === undefined) return store;
  return {
    loadEvent: (eventId) => store.loadEvent(eventId),
    findRegistrations: (eventId, userIds, named) => store.findRegistrations(eventId, userIds, named),
    findStanding: (query) => store.findStanding(query),
    findPlaces: (eventId, roleId, sequences) => store.findPlaces(eventId, roleId, sequences),
    findTraces: (eventId, userId) => store.findTraces(eventId, userId),
    async commit(batch) {
      reach('import-before-commit');
      const outcome = await store.commit(batch);
      reach('import-after-commit');
      return outcome;
    },
  };
}

/** Whether it was written after all: what decided it stands there under its commit. */
async function isInJournal(
  store: ImportPorts['store'],
  eventId: EventId,
  { entries, after }: Attempt,
): Promise<boolean> {
  const version = entries[0]?.version;
  if (version === undefined) return false;
  const [step] = await store.readJournal(eventId, version, version);
  return step !== undefined && step.commitId === after.head?.commitId;
}

interface Waiting {
  readonly index: number;
  readonly order: ImportOrder;
}

interface Progress {
  /** The first that have no decision yet. */
  next(countMax: number): readonly Waiting[];
  decided(index: number, decision: Decision): void;
  /** When all have one. */
  decisions(): readonly Decision[];
}

function createProgress(orders: readonly ImportOrder[]): Progress {
  const decisions = new Map<number, Decision>();
  let first = 0;
  return {
    next(countMax) {
      while (decisions.has(first)) first += 1;
      const waiting: Waiting[] = [];
      for (let index = first; index < orders.length && waiting.length < countMax; index += 1) {
        const order = orders[index];
        if (order !== undefined && !decisions.has(index)) waiting.push({ index, order });
      }
      return waiting;
    },
    decided: (index, decision) => void decisions.set(index, decision),
    decisions: () => orders.flatMap((_, index) => decisions.get(index) ?? []),
  };
}

interface Occasion {
  readonly eventId: EventId;
  readonly acceptedAt: Instant;
  readonly memory: EventMemory;
}

/** Each decision counts one version, so each knows the one that it will have if all of them are decided. */
function entriesFor(waiting: readonly Waiting[], { eventId, acceptedAt, memory }: Occasion): readonly DecidableEntry[] {
  const from = (memory.head?.version ?? 0) + 1;
  return waiting.map(({ order }, n) => {
    const commandId = order.commandId ?? importStepId(from + n);
    const command: Command = { ...order, commandId, eventId, acceptedAt };
    return { kind: 'command', entryId: commandId, bodyHash: '', command };
  });
}
