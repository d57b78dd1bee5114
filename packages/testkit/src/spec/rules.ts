import {
  decide,
  dischargeObligation,
  erasureStep,
  evolve,
  type Actor,
  type Command,
  type Decision,
  type DomainEvent,
  type EraseUser,
  type EventId,
  type EventState,
  type ExistingEvent,
  type Registration,
  type RegistrationId,
  type RoleId,
  type RoleState,
} from '@rollcall/domain';
import { namingDecisions, rewritten } from './rewritten.ts';
import { wholeWorkingSet } from './working-set.ts';

export interface Decided {
  readonly version: number;
  /** Undefined for a step of an obligation. */
  readonly command: Command | undefined;
  /** Who asked for it, as that is told now: it is rewritten when they are erased. */
  readonly actor: Actor | undefined;
  readonly decision: Decision;
}

/** The decider with the whole event in memory: what an engine does, without ports, time and faults. */
export interface Rules {
  readonly version: number;
  readonly current: ExistingEvent | undefined;
  readonly registrations: ReadonlyMap<RegistrationId, Registration>;
  readonly decided: readonly Decided[];
  /** Decides the commands with one working set as far as no obligation comes between, and discharges those. */
  decideBatch(commands: readonly Command[]): readonly Decision[];
}

/** How long after its acceptance a command is decided here, in ms. */
export const decidedAfterMs = 50;

/**
 * @param afterMs how long after its acceptance a command is decided
 * @param changesMax how many registrations one decision may change, where that is not as many as usual
 */
export function createRules(eventId: EventId, afterMs: number = decidedAfterMs, changesMax?: number): Rules {
  const registrations = new Map<RegistrationId, Registration>();
  const decided: Decided[] = [];
  let version = 0;
  let current: ExistingEvent | undefined;

  /** Runs with a state of its own, and keeps what became of it. */
  function withState<T>(run: (state: EventState) => T): T {
    const working = wholeWorkingSet(registrations.values());
    const own = { eventId, version, current: current && ownCopy(current), working };
    const state: EventState = changesMax === undefined ? own : { ...own, changesMax };
    const result = run(state);
    ({ version, current } = state);
    for (const [registrationId, registration] of working.registrations) {
      registrations.set(registrationId, registration);
    }
    return result;
  }

  /** With all that names a user, where one is to be erased: all at once, as the naive model does it. */
  function knowing(state: EventState, command: Command): EventState {
    if (command.type !== 'EraseUser') return state;
    const { userId } = command;
    const own = [...state.working.registrations.values()].filter((registration) => registration.userId === userId);
    const registrationIds = own.map(({ registrationId }) => registrationId);
    state.working.traces.set(userId, { registrationIds, decisions: namingDecisions(decided, userId) });
    return { ...state, changesMax: Infinity };
  }

  function rewrite(state: EventState, { userId, erasedAs }: EraseUser): void {
    const traces = state.working.traces.get(userId);
    if (traces === undefined) return;
    const erasure = { userId, erasedAs, ...erasureStep(traces, Infinity) };
    for (const [index, before] of decided.entries()) decided[index] = rewritten(before, erasure);
  }

  function conclude(state: EventState, command: Command | undefined, decision: Decision): Decision {
    const happened = decision.outcome === 'accepted' && decision.domainEvents.length > 0;
    if (happened && command?.type === 'EraseUser') rewrite(state, command);
    if (decision.outcome === 'accepted') for (const domainEvent of decision.domainEvents) evolve(state, domainEvent);
    state.version += 1;
    decided.push({ version: state.version, command, actor: command?.actor, decision });
    return decision;
  }

  /** As far as one working set goes: seats are only known as they were loaded, and an obligation comes before the next command. */
  function decideSome(commands: readonly Command[]): readonly Decision[] {
    return withState((state) => {
      const decisions: Decision[] = [];
      for (const command of commands) {
        const needsSeats = command.type === 'ChangeRole' || command.type === 'ChangeEventSettings';
        if (needsSeats && decisions.length > 0) break;
        const decision = decide(knowing(state, command), command, command.acceptedAt + afterMs);
        decisions.push(conclude(state, command, decision));
        // After it places in line are told again, and they are not followed while it is imported.
        if (state.current?.obligation !== undefined || command.type === 'FinishImport') break;
      }
      return decisions;
    });
  }

  function discharge(): void {
    while (current?.obligation !== undefined) {
      const decidedAt = current.obligation.acceptedAt + afterMs;
      withState((state) => {
        const domainEvents: readonly DomainEvent[] = dischargeObligation(state, decidedAt);
        conclude(state, undefined, { outcome: 'accepted', domainEvents });
      });
    }
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
    decideBatch(commands) {
      const decisions: Decision[] = [];
      while (decisions.length < commands.length) {
        decisions.push(...decideSome(commands.slice(decisions.length)));
        discharge();
      }
      return decisions;
    },
  };
}

/** `evolve` changes counts in place; what somebody was handed before stays as it was. */
function ownCopy(current: ExistingEvent): ExistingEvent {
  const roles = new Map<RoleId, RoleState>();
  for (const [roleId, roleState] of current.roles) roles.set(roleId, { ...roleState });
  return { ...current, roles };
}
