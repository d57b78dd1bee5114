import {
  initialState,
  type Command,
  type CommitId,
  type EventId,
  type ExistingEvent,
  type Registration,
  type RegistrationId,
  type UserId,
  type UserTraces,
} from '@rollcall/domain';
import { decideBatch, decideObligationStep, type BatchContext, type CommitBatch, type Head } from '@rollcall/engine';
import { aCommitId, newCommandId } from './ids.ts';
import { wholeWorkingSet } from './working-set.ts';

export interface Scribe {
  /** All registrations of the event, as they are after its batches. */
  readonly registrations: ReadonlyMap<RegistrationId, Registration>;
  /** The head that its last batch leads to. */
  readonly head: Head | undefined;
  /** What names those who are to be erased, as the store has it. */
  readonly traces: Map<UserId, UserTraces>;
  /** Decides the commands and writes them down as the batch that a worker would commit next. */
  batch(...commands: readonly Command[]): CommitBatch;
  /** A step of the event's obligation, the same way. */
  step(): CommitBatch;
}

/** Makes commits without an engine, for tests of the store. It believes that all its batches were committed. */
export function createScribe(eventId: EventId): Scribe {
  const registrations = new Map<RegistrationId, Registration>();
  const traces = new Map<UserId, UserTraces>();
  let head: Head | undefined;
  let current: ExistingEvent | undefined;
  let lastAt = 0;

  function write(decide: (state: ReturnType<typeof initialState>, context: BatchContext) => CommitBatch): CommitBatch {
    const state = {
      ...initialState(eventId),
      version: head?.version ?? 0,
      current,
      working: { ...wholeWorkingSet(registrations.values()), traces: new Map(traces) },
    };
    const batch = decide(state, {
      expected: head,
      commitId: newCommitId(),
      decidedAt: lastAt + 50,
      onFault: (error) => {
        throw error;
      },
    });
    ({ current } = state);
    head = batch.next;
    for (const [registrationId, registration] of state.working.registrations) {
      registrations.set(registrationId, registration);
    }
    return batch;
  }

  return {
    registrations,
    traces,
    get head() {
      return head;
    },
    batch(...commands) {
      lastAt = Math.max(lastAt, ...commands.map(({ acceptedAt }) => acceptedAt));
      const entries = commands.map((command) => {
        const { commandId } = command;
        return { kind: 'command', entryId: commandId, bodyHash: `hash-of-${commandId}`, command } as const;
      });
      const batch = write((state, context) => decideBatch(state, entries, context));
      if (batch.entries.length < commands.length) throw new Error('more than fits into one batch');
      return batch;
    },
    step: () => write(decideObligationStep),
  };
}

const newCommitId = (): CommitId => aCommitId(newCommandId().slice(1));
