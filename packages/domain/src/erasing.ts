import type { EraseUser } from './command.ts';
import { accept, type Decision } from './decision.ts';
import { isErasedId, type RegistrationId } from './ids.ts';
import { changesMax } from './plan.ts';
import { NotLoadedError, type EventState } from './state.ts';
import type { NamingDecision, UserTraces } from './traces.ts';

/**
 * Takes as much of a user out of the event as one decision may change. Their registrations keep seat, place and history,
 * under an id of nobody; who wants the seats freed cancels first. With nothing left of them it is accepted and nothing
 * happens, so it may be asked for any number of times.
 */
export function eraseUser(state: EventState, { userId, erasedAs }: EraseUser): Decision {
  // An erased one has been erased, and the facts that say so still name them by that id.
  if (isErasedId(userId)) return accept();
  const traces = state.working.traces.get(userId);
  if (traces === undefined) throw new NotLoadedError('what names the user');
  const { registrationIds, actVersions, left } = erasureStep(traces, state.changesMax);
  const acts = actVersions.length;
  if (registrationIds.length + acts === 0) return accept();
  return accept({ type: 'UserErased', erasedAs, registrationIds, acts, left });
}

/** What one decision takes of a user's traces. */
export interface ErasureStep {
  readonly registrationIds: readonly RegistrationId[];
  /** Of the decisions whose facts name these. */
  readonly factVersions: readonly number[];
  /** Of decisions that the user asked for, or that tell what they did in the system before, about none of their registrations. */
  readonly actVersions: readonly number[];
  /**
   * Of all the decisions in which whoever acted is rewritten, here or in the system before: those, and the ones that were
   * about the registrations.
   */
  readonly actorVersions: readonly number[];
  /** The registrations beside which the user may stand as who made or cancelled them. */
  readonly actedOn: readonly RegistrationId[];
  readonly left: boolean;
}

/**
 * What they did comes first, and then their registrations, the oldest first. A registration is taken whole, with all the
 * decisions that name it and with those that it was to replace or be replaced by, however many: half of it would be
 * somebody who acts on what is another's. And no refusal may tell them how much they hold once some of that is taken.
 *
 * Each step needs an id of its own. The user may sign up again between two steps, and whoever holds both would be one
 * person with two registrations for one role.
 *
 * @param max how many registrations and decisions may be changed
 */
export function erasureStep(traces: UserTraces, max: number = changesMax): ErasureStep {
  const groups = groupsOf(traces);
  const own = new Set(groups.flatMap(({ registrationIds }) => registrationIds));
  const isAct = ({ isActor, asked }: NamingDecision) => isActor && (asked === undefined || !own.has(asked));
  const acts = traces.decisions.filter(isAct);
  const taken = acts.slice(0, max);
  let changes = taken.length;
  let count = 0;
  for (const { size } of groups) {
    if (changes > 0 && changes + size > max) break;
    changes += size;
    count += 1;
  }
  const registrationIds = groups.slice(0, count).flatMap((group) => group.registrationIds);
  const whole = new Set(registrationIds);
  const about = traces.decisions.filter((decision) => decision.registrationIds.some((id) => whole.has(id)));
  const asked = traces.decisions.filter((one) => one.isActor && one.asked !== undefined && whole.has(one.asked));
  return {
    registrationIds,
    factVersions: about.map(({ version }) => version),
    actVersions: taken.map(({ version }) => version),
    actorVersions: [...taken, ...asked].map(({ version }) => version),
    actedOn: [...new Set([...taken.flatMap((act) => act.asked ?? []), ...registrationIds])],
    left: taken.length < acts.length || count < groups.length,
  };
}

/** Registrations that hang together by moves, in the order in which they came. */
interface Group {
  readonly registrationIds: readonly RegistrationId[];
  /** How many registrations and decisions it is. */
  readonly size: number;
}

function groupsOf({ registrationIds, decisions }: UserTraces): readonly Group[] {
  const own = new Set([...decisions.flatMap((decision) => decision.registrationIds), ...registrationIds]);
  const neighbours = new Map<RegistrationId, RegistrationId[]>();
  const join = (a: RegistrationId, b: RegistrationId): void =>
    void neighbours.set(a, [...(neighbours.get(a) ?? []), b]);
  for (const [after, before] of decisions.flatMap(({ moves }) => moves)) {
    if (!own.has(before)) continue;
    join(after, before);
    join(before, after);
  }
  const versionsOf = new Map<RegistrationId, number[]>();
  for (const decision of decisions) {
    for (const id of decision.registrationIds) {
      const known = versionsOf.get(id);
      if (known === undefined) versionsOf.set(id, [decision.version]);
      else known.push(decision.version);
    }
  }
  const groups: Group[] = [];
  const seen = new Set<RegistrationId>();
  for (const first of own) {
    if (seen.has(first)) continue;
    seen.add(first);
    const members = [first];
    for (const member of members) {
      for (const next of neighbours.get(member) ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        members.push(next);
      }
    }
    const named = new Set(members.flatMap((member) => versionsOf.get(member) ?? []));
    groups.push({ registrationIds: members, size: members.length + named.size });
  }
  return groups;
}
