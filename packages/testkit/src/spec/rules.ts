import {
  decide,
  evolve,
  type Command,
  type Decision,
  type EventId,
  type EventState,
  type ExistingEvent,
  type Registration,
  type RegistrationId,
  type RoleId,
  type RoleState,
} from '@rollcall/domain';
import { workingSetFor } from './working-set.ts';

export interface Decided {
  readonly version: number;
  readonly command: Command;
  readonly decision: Decision;
}

/** The decider with the whole event in memory: what an engine does, without ports, time and faults. */
export interface Rules {
  readonly version: number;
  readonly current: ExistingEvent | undefined;
  readonly registrations: ReadonlyMap<RegistrationId, Registration>;
  readonly decided: readonly Decided[];
  /** Decides the commands as one batch, with the working set loaded once before the first. */
  decideBatch(commands: readonly Command[]): readonly Decision[];
}

export function createRules(eventId: EventId): Rules {
  const registrations = new Map<RegistrationId, Registration>();
  const decided: Decided[] = [];
  let version = 0;
  let current: ExistingEvent | undefined;

  function decideBatch(commands: readonly Command[]): readonly Decision[] {
    const working = workingSetFor(registrations, commands);
    const state: EventState = { eventId, version, current: current && ownCopy(current), working };
    const decisions = commands.map((command) => {
      const decision = decide(state, command);
      if (decision.outcome === 'accepted') for (const domainEvent of decision.domainEvents) evolve(state, domainEvent);
      state.version += 1;
      decided.push({ version: state.version, command, decision });
      return decision;
    });
    ({ version, current } = state);
    for (const [registrationId, registration] of working.registrations) {
      registrations.set(registrationId, registration);
    }
    return decisions;
  }

  return {
    get version() {
      return version;
    },
    get current() {
      return current;
    },
    registrations,
    decided,
    decideBatch,
  };
}

/** `evolve` changes counts in place; what somebody was handed before stays as it was. */
function ownCopy(current: ExistingEvent): ExistingEvent {
  const roles = new Map<RoleId, RoleState>();
  for (const [roleId, roleState] of current.roles) roles.set(roleId, { ...roleState });
  return { ...current, roles };
}
