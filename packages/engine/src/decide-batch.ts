import {
  decide,
  dischargeObligation,
  evolve,
  NotLoadedError,
  obligationStepId,
  reject,
  type CommandId,
  type CommitId,
  type Decision,
  type EventState,
  type Instant,
  type JournalEntry,
} from '@rollcall/domain';
import { actorOf, takenBy } from './erasing.ts';
import { createWrites, type Cause, type Writes } from './batch-writes.ts';
import type { CommitBatch, Erasure, Head, MailboxEntry } from './ports.ts';

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

/** Registrations that a batch may change before it ends: with what follows from its last command, a transaction stays small. */
const changesPerBatchMax = 1_500;

/**
 * Decides the entries one after the other, folding each decision into the state before the next, and gathers what has to
 * be written. The batch ends early where a decision leaves an obligation or erases somebody, where it has grown large, or
 * before a command that needs more than was loaded. Pure but for the state, which afterwards is that of the batch's last version.
 *
 * @throws NotLoadedError when that is so of the first command already.
 */
export function decideBatch(state: EventState, batch: readonly DecidableEntry[], context: BatchContext): CommitBatch {
  const before = definitionOf(state);
  const writes = createWrites(state);
  const entries: JournalEntry[] = [];
  let erasure: Erasure | undefined;

  for (const entry of batch) {
    // What it takes is gone once it is folded in.
    const taken = takenBy(entry, state);
    const decision = decideEntry(state, entry, context);
    if (decision === undefined) {
      if (entries.length > 0) break;
      throw new NotLoadedError('more registrations than were loaded');
    }
    if (decision.outcome === 'accepted' && decision.domainEvents.length > 0) erasure = taken;
    fold(state, decision, writes, causeOf(entry));
    entries.push(journalEntry(state, entry, decision, context.decidedAt));
    if (erasure !== undefined || state.current?.obligation !== undefined || writes.size >= changesPerBatchMax) break;
  }
  const written = commitBatch(state, { before, writes, entries, context });
  return erasure === undefined ? written : { ...written, erasure };
}

/** Does one step of the event's obligation. */
export function decideObligationStep(state: EventState, context: BatchContext): CommitBatch {
  const before = definitionOf(state);
  const writes = createWrites(state);
  const obligation = state.current?.obligation;
  if (obligation === undefined) throw new Error(`event ${state.eventId} has no obligation`);
  const decision: Decision = { outcome: 'accepted', domainEvents: dischargeObligation(state, context.decidedAt) };
  fold(state, decision, writes, { acceptedAt: obligation.acceptedAt });
  const { eventId, version } = state;
  const entry: JournalEntry = {
    eventId,
    version,
    commandId: obligationStepId(version),
    causationId: obligation.causationId,
    bodyHash: '',
    commandType: 'ObligationStep',
    actor: { kind: 'system' },
    acceptedAt: obligation.acceptedAt,
    decidedAt: context.decidedAt,
    decision,
  };
  return commitBatch(state, { before, writes, entries: [entry], context });
}

function fold(state: EventState, decision: Decision, writes: Writes, cause: Cause): void {
  state.version += 1;
  if (decision.outcome === 'rejected') return;
  for (const domainEvent of decision.domainEvents) evolve(state, domainEvent);
  writes.note(decision.domainEvents, cause);
}

function causeOf(entry: DecidableEntry): Cause {
  if (entry.kind === 'unreadable') return { acceptedAt: entry.acceptedAt };
  return { acceptedAt: entry.command.acceptedAt, command: entry.command };
}

/** Undefined when more has to be loaded for it. */
function decideEntry(state: EventState, entry: DecidableEntry, context: BatchContext): Decision | undefined {
  if (entry.kind === 'unreadable') return reject({ reason: 'unprocessable' });
  try {
    return decide(state, entry.command, context.decidedAt);
  } catch (error) {
    if (error instanceof NotLoadedError) return undefined;
    context.onFault(error, entry.command.commandId);
    return reject({ reason: 'unprocessable' });
  }
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
  const { type: commandType, acceptedAt } = entry.command;
  const actor = actorOf(entry.command);
  return { eventId, version, commandId, bodyHash, commandType, actor, acceptedAt, decidedAt, decision };
}

interface Decided {
  readonly before: readonly unknown[];
  readonly writes: Writes;
  readonly entries: readonly JournalEntry[];
  readonly context: BatchContext;
}

function commitBatch(state: EventState, { before, writes, entries, context }: Decided): CommitBatch {
  const after = definitionOf(state);
  const isSame = before.length === after.length && before.every((part, index) => part === after[index]);
  return {
    eventId: state.eventId,
    expected: context.expected,
    next: { version: state.version, commitId: context.commitId },
    changedEvent: isSame ? undefined : state.current,
    entries,
    writes: writes.all(),
  };
}

/** What the event document holds, in parts that are replaced and never changed; counts live beside them. */
function definitionOf({ current }: EventState): readonly unknown[] {
  if (current === undefined) return [];
  const { status, settings, pools, obligation, legacyId, importing, roles } = current;
  return [status, settings, pools, obligation, legacyId, importing, ...[...roles.values()].map(({ role }) => role)];
}
