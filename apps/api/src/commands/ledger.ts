import type { Answer, CommandId, EventId } from '@rollcall/domain';
import { within } from '../within.ts';

type LedgerEntry =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'none' }
  /** The store did not say in time. */
  | { readonly kind: 'unavailable' };

const none: LedgerEntry = { kind: 'none' };
const unavailable: LedgerEntry = { kind: 'unavailable' };

/** Decisions by command, looked up together: all that ask about an event within a few milliseconds share one query. */
export interface Ledger {
  /** Never rejects. */
  find(eventId: EventId, commandId: CommandId): Promise<LedgerEntry>;
}

export interface LedgerOptions {
  readonly findAnswers: (eventId: EventId, commandIds: readonly CommandId[]) => Promise<readonly Answer[]>;
  readonly gatherMs: number;
  /** How long an answer is waited for, gathering included, in ms. After a failure nobody asks for as long as this. */
  readonly replyMsMax: number;
  readonly onError: (error: unknown) => void;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
}

/** One query asks for at most as many as one batch of the worker decides. */
const batchSizeMax = 500;

interface Batch {
  readonly eventId: EventId;
  readonly commandIds: Set<CommandId>;
  readonly answers: Promise<ReadonlyMap<CommandId, Answer> | undefined>;
}

export function createLedger({ findAnswers, gatherMs, replyMsMax, onError, elapsed }: LedgerOptions): Ledger {
  const gathering = new Map<EventId, Batch>();
  let awayUntilMs = 0;

  function open(eventId: EventId): Batch {
    const commandIds = new Set<CommandId>();
    const gathered = new Promise<void>((resolve) => {
      setTimeout(resolve, gatherMs);
    });
    const answers = gathered.then(() => {
      if (gathering.get(eventId) === batch) gathering.delete(eventId);
      return lookUp(eventId, [...commandIds]);
    });
    const batch: Batch = { eventId, commandIds, answers };
    gathering.set(eventId, batch);
    return batch;
  }

  async function lookUp(
    eventId: EventId,
    commandIds: readonly CommandId[],
  ): Promise<ReadonlyMap<CommandId, Answer> | undefined> {
    try {
      const answers = await within(replyMsMax, findAnswers(eventId, commandIds));
      return new Map(answers.map((answer) => [answer.commandId, answer]));
    } catch (error) {
      awayUntilMs = elapsed() + replyMsMax;
      onError(error);
      return undefined;
    }
  }

  return {
    async find(eventId, commandId) {
      if (elapsed() < awayUntilMs) return unavailable;
      const current = gathering.get(eventId);
      const batch = current === undefined || current.commandIds.size >= batchSizeMax ? open(eventId) : current;
      batch.commandIds.add(commandId);
      const answers = await batch.answers;
      if (answers === undefined) return unavailable;
      const answer = answers.get(commandId);
      return answer === undefined ? none : { kind: 'answer', answer };
    },
  };
}
