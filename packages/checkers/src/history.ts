import type {
  CommandId,
  DomainEvent,
  EventCounts,
  EventDefinition,
  EventStatus,
  JournalEntry,
  Obligation,
  Registration,
} from '@rollcall/domain';

/** The event as its document has it. */
export interface RecordedEvent extends EventDefinition {
  readonly status: EventStatus;
  readonly obligation?: Obligation;
  /** What the system before calls it, if it came from there. */
  readonly legacyId?: string;
  /** While the system before leads it. */
  readonly importing?: true;
}

/** What an event left behind, at rest or as of one version: the journal from its first entry and what it led to. */
export interface RecordedHistory {
  /** All decisions, in version order. */
  readonly entries: readonly JournalEntry[];
  /** As it is stored now; undefined when nothing is. */
  readonly event: RecordedEvent | undefined;
  readonly registrations: readonly Registration[];
  /** The commands in the order in which the mailbox took them, where that is known; a repeat may stand there again. */
  readonly arrivals?: readonly CommandId[];
  /** What is shown of it at rest, by the cache or to somebody who follows it live. */
  readonly shown?: readonly ShownCounts[];
}

export interface ShownCounts extends Pick<EventCounts, 'version' | 'roles'> {
  /** Who shows it, for people. */
  readonly by: string;
}

export interface Violation {
  /** The name of the check that found it. */
  readonly check: string;
  /** The decision that it is about. */
  readonly version?: number;
  readonly message: string;
}

export const factsOf = ({ decision }: JournalEntry): readonly DomainEvent[] =>
  decision.outcome === 'accepted' ? decision.domainEvents : [];

const imports: ReadonlySet<JournalEntry['commandType']> = new Set<JournalEntry['commandType']>([
  'ImportEvent',
  'ImportRegistration',
  'FinishImport',
  'ResumeImport',
]);

/** Imports come past the mailbox, from Rollcall itself. */
export const isImport = ({ commandType }: JournalEntry): boolean => imports.has(commandType);

/** A step of an obligation is a decision that no command asked for: nobody sent it, and it never was in a mailbox. */
export const isStep = ({ commandType }: JournalEntry): boolean => commandType === 'ObligationStep';
