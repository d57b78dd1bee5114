import {
  decide,
  evolve,
  registrationIdFor,
  reject,
  type CancelSignup,
  type Command,
  type CommandId,
  type CommitId,
  type Decision,
  type EventState,
  type Instant,
  type JournalEntry,
  type Registration,
  type RegistrationId,
  type SignUp,
} from '@rollcall/domain';
import type { CommitBatch, Head, MailboxEntry, RegistrationWrite } from './ports.ts';

export type DecidableEntry = Exclude<MailboxEntry, { kind: 'dead' }>;

export function commandIdOf(entry: DecidableEntry): CommandId {
  return entry.kind === 'command' ? entry.command.commandId : entry.commandId;
}

export interface BatchContext {
  /** What the store must still say when this is written. */
  readonly expected: Head | undefined;
  readonly commitId: CommitId;
  readonly decidedAt: Instant;
  /** A command that makes the rules throw is refused; somebody should know. */
  readonly onFault: (error: unknown, commandId: CommandId) => void;
}

/**
 * Decides the entries one after the other, folding each decision into the state before the next, and gathers what has to
 * be written. Pure but for the state, which afterwards is that of the batch's last version.
 */
export function decideBatch(state: EventState, batch: readonly DecidableEntry[], context: BatchContext): CommitBatch {
  const { eventId } = state;
  const eventBefore = state.current;
  const loaded = new Map(state.working.registrations);
  const entries: JournalEntry[] = [];
  const signUps = new Map<RegistrationId, SignUp>();
  const cancels = new Map<RegistrationId, CancelSignup>();

  for (const entry of batch) {
    const decision = decideEntry(state, entry, context);
    if (decision.outcome === 'accepted') {
      for (const domainEvent of decision.domainEvents) evolve(state, domainEvent);
      if (entry.kind === 'command') remember(entry.command, signUps, cancels);
    }
    state.version += 1;
    entries.push(journalEntry(state, entry, decision, context.decidedAt));
  }
  return {
    eventId,
    expected: context.expected,
    next: { version: state.version, commitId: context.commitId },
    changedEvent: sameSettings(eventBefore, state.current) ? undefined : state.current,
    entries,
    writes: writesOf(state, loaded, signUps, cancels),
  };
}

function decideEntry(state: EventState, entry: DecidableEntry, context: BatchContext): Decision {
  if (entry.kind === 'unreadable') return reject({ reason: 'unprocessable' });
  try {
    return decide(state, entry.command);
  } catch (error) {
    context.onFault(error, entry.command.commandId);
    return reject({ reason: 'unprocessable' });
  }
}

function remember(
  command: Command,
  signUps: Map<RegistrationId, SignUp>,
  cancels: Map<RegistrationId, CancelSignup>,
): void {
  if (command.type === 'SignUp') signUps.set(registrationIdFor(command.commandId), command);
  if (command.type === 'CancelSignup') cancels.set(command.registrationId, command);
}

function journalEntry(state: EventState, entry: DecidableEntry, decision: Decision, decidedAt: Instant): JournalEntry {
  const { eventId, version } = state;
  const commandId = commandIdOf(entry);
  if (entry.kind === 'unreadable') {
    const { acceptedAt } = entry;
    return {
      eventId,
      version,
      commandId,
      bodyHash: '',
      commandType: 'unknown',
      actor: undefined,
      acceptedAt,
      decidedAt,
      decision,
    };
  }
  const { bodyHash } = entry;
  const { type: commandType, actor, acceptedAt } = entry.command;
  return { eventId, version, commandId, bodyHash, commandType, actor, acceptedAt, decidedAt, decision };
}

/** Counts live in the same object; only what the event document holds matters here. */
function sameSettings(before: EventState['current'], after: EventState['current']): boolean {
  return before?.status === after?.status && before?.settings === after?.settings;
}

/** Only final states are written: what happened on the way stands in the journal. */
function writesOf(
  state: EventState,
  loaded: ReadonlyMap<RegistrationId, Registration>,
  signUps: ReadonlyMap<RegistrationId, SignUp>,
  cancels: ReadonlyMap<RegistrationId, CancelSignup>,
): readonly RegistrationWrite[] {
  const writes: RegistrationWrite[] = [];
  for (const [registrationId, registration] of state.working.registrations) {
    const before = loaded.get(registrationId);
    if (registration === before) continue;
    const signUp = signUps.get(registrationId);
    const cancel = cancels.get(registrationId);
    writes.push({
      registration,
      before: before?.status,
      ...(signUp === undefined ? {} : { signUp }),
      ...(cancel === undefined ? {} : { cancel }),
    });
  }
  return writes;
}
