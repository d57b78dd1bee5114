import {
  registrationIdFor,
  type CancelSignup,
  type Command,
  type CommitId,
  type EventId,
  type JournalEntry,
  type RegistrationId,
  type SignUp,
} from '@rollcall/domain';
import type { CommitBatch, Head, RegistrationWrite } from '@rollcall/engine';
import { aCommitId, newCommandId } from './ids.ts';
import { createRules, type Decided, type Rules } from './rules.ts';

export interface Scribe {
  readonly rules: Rules;
  /** The head that its last batch leads to. */
  readonly head: Head | undefined;
  /** Decides the commands and writes them down as the batch that a worker would commit next. */
  batch(...commands: readonly Command[]): CommitBatch;
}

/** Makes commits without an engine, for tests of the store. It believes that all its batches were committed. */
export function createScribe(eventId: EventId): Scribe {
  const rules = createRules(eventId);
  let head: Head | undefined;
  return {
    rules,
    get head() {
      return head;
    },
    batch(...commands) {
      const before = new Map(rules.registrations);
      const [expected, eventBefore] = [head, rules.current];
      rules.decideBatch(commands);
      head = { version: rules.version, commitId: newCommitId() };
      const changed =
        eventBefore?.status !== rules.current?.status || eventBefore?.settings !== rules.current?.settings;
      return {
        eventId,
        expected,
        next: head,
        changedEvent: changed ? rules.current : undefined,
        entries: rules.decided.slice(expected?.version ?? 0).map(entryOf),
        writes: writesOf(before, rules, commands),
      };
    },
  };
}

const newCommitId = (): CommitId => aCommitId(newCommandId().slice(1));

function entryOf({ version, command, decision }: Decided): JournalEntry {
  const { eventId, commandId, type: commandType, actor, acceptedAt } = command;
  const bodyHash = `hash-of-${commandId}`;
  return {
    eventId,
    version,
    commandId,
    bodyHash,
    commandType,
    actor,
    acceptedAt,
    decidedAt: acceptedAt + 50,
    decision,
  };
}

function writesOf(
  before: Rules['registrations'],
  rules: Rules,
  commands: readonly Command[],
): readonly RegistrationWrite[] {
  const signUps = new Map<RegistrationId, SignUp>();
  const cancels = new Map<RegistrationId, CancelSignup>();
  for (const command of commands) {
    if (command.type === 'SignUp') signUps.set(registrationIdFor(command.commandId), command);
    if (command.type === 'CancelSignup') cancels.set(command.registrationId, command);
  }
  const changed = [...rules.registrations.values()].filter(
    (registration) => before.get(registration.registrationId) !== registration,
  );
  return changed.map((registration) => {
    const signUp = signUps.get(registration.registrationId);
    const cancel = registration.status === 'cancelled' ? cancels.get(registration.registrationId) : undefined;
    const earlier = before.get(registration.registrationId)?.status;
    return { registration, before: earlier, ...(signUp && { signUp }), ...(cancel && { cancel }) };
  });
}
