import type { Answer } from '@rollcall/domain';
import type { PendingCommand } from '@rollcall/engine';

export interface FindCommandPorts {
  readonly findAnswer: () => Promise<Answer | undefined>;
  readonly findPending: () => Promise<PendingCommand | undefined | 'unavailable'>;
}

export type FoundCommand =
  | { readonly kind: 'decided'; readonly answer: Answer }
  | ({ readonly kind: 'pending' } & PendingCommand)
  /** Never taken, or lost with what Redis or the database has lost. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unavailable' };

/** Where a command is: in the journal or in the mailbox. @throws what `findAnswer` does */
export async function findCommand({ findAnswer, findPending }: FindCommandPorts): Promise<FoundCommand> {
  const answer = await findAnswer();
  if (answer !== undefined) return { kind: 'decided', answer };
  const pending = await findPending();
  if (pending === 'unavailable') return { kind: 'unavailable' };
  if (pending !== undefined) return { kind: 'pending', ...pending };
  // Decided and trimmed between the two look-ups.
  const late = await findAnswer();
  return late === undefined ? { kind: 'unknown' } : { kind: 'decided', answer: late };
}
