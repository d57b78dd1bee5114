import type { CommandId, DomainEvent, JournalEntry, Registration, Role } from '@rollcall/domain';

/** What an event left behind, at rest or as of one version: the journal from its first entry and what it led to. */
export interface RecordedHistory {
  /** All decisions, in version order. */
  readonly entries: readonly JournalEntry[];
  /** The roles as the event document has them now. */
  readonly roles: readonly Role[];
  readonly registrations: readonly Registration[];
  /** The commands in the order in which the mailbox took them, where that is known; a repeat may stand there again. */
  readonly arrivals?: readonly CommandId[];
}

export interface Violation {
  /** The name of the check that found it. */
  readonly check: string;
  /** The decision that it is about. */
  readonly version?: number;
  readonly message: string;
}

export type Check = (history: RecordedHistory) => readonly Violation[];

export const factsOf = ({ decision }: JournalEntry): readonly DomainEvent[] =>
  decision.outcome === 'accepted' ? decision.domainEvents : [];
