import assert from 'node:assert/strict';
import { accept, reject, type Command, type Decision, type DomainEvent, type Rejection } from '@rollcall/domain';
import { createEvent, openEvent, theEventId, type EventParts } from './commands.ts';
import { createRules, type Rules } from './rules.ts';

export interface Given {
  /** What happened before, each accepted: a refused one is a mistake in the test. Every command counts one version. */
  and(...commands: readonly Command[]): Given;
  when(command: Command): When;
}

export interface When {
  readonly decision: Decision;
  readonly rules: Rules;
  /** It happens: exactly these domain events, in this order. */
  // oxlint-disable-next-line unicorn/no-thenable -- the word of given/when/then; nothing awaits it
  then(...domainEvents: readonly DomainEvent[]): void;
  thenRefused(rejection: Rejection): void;
  /** It is accepted and changes nothing. */
  thenQuiet(): void;
}

/** An open event; its creation and opening are versions 1 and 2, so the first command after them decides version 3. */
export function givenEvent(parts: EventParts = {}): Given {
  return givenDraft(parts).and(openEvent());
}

/** An event that was created, as version 1, and nothing else. */
export function givenDraft(parts: EventParts = {}): Given {
  return givenNothing().and(createEvent(parts));
}

export function givenNothing(): Given {
  return givenPast([]);
}

function givenPast(past: readonly Command[]): Given {
  return {
    and: (...commands) => givenPast([...past, ...commands]),
    when(command) {
      const rules = createRules(theEventId);
      for (const before of past) accepted(rules, before);
      const [decision] = rules.decideBatch([command]);
      assert(decision !== undefined);
      return outcome(decision, rules);
    },
  };
}

function accepted(rules: Rules, command: Command): void {
  const [decision] = rules.decideBatch([command]);
  if (decision?.outcome === 'accepted') return;
  throw new Error(`given ${command.type}, which was refused: ${JSON.stringify(decision?.rejection)}`);
}

function outcome(decision: Decision, rules: Rules): When {
  return {
    decision,
    rules,
    // oxlint-disable-next-line unicorn/no-thenable -- as above
    then: (...domainEvents) => {
      assert(domainEvents.length > 0, 'name what happens, or say thenQuiet()');
      assert.deepEqual(decision, accept(...domainEvents));
    },
    thenRefused: (rejection) => assert.deepEqual(decision, reject(rejection)),
    thenQuiet: () => assert.deepEqual(decision, accept()),
  };
}
