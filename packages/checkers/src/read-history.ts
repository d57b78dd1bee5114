import type { Actor, CommandId, DomainEvent, EventId, JournalEntry, Rejection, UserId } from '@rollcall/domain';
import { startRoll, type Place, type Roll } from './roll.ts';

/** A decision that one user asked for, or that did something to them. */
export interface Step {
  readonly version: number;
  readonly commandId: CommandId;
  /** Of a step of an obligation: the command that it follows from. */
  readonly causationId?: CommandId;
  readonly decidedAt: number;
  readonly commandType: JournalEntry['commandType'];
  readonly actor: Actor['kind'] | 'unknown';
  /** What happened to this user; of an accepted decision. */
  readonly facts: readonly DomainEvent[];
  readonly rejection?: Rejection;
}

export interface History {
  readonly eventId: EventId;
  /** Of the last decision that is told of; 0 when there was none by then. */
  readonly version: number;
  readonly decidedAt?: number;
  readonly places: Iterable<Place>;
  /** Where a user was asked for. */
  readonly chain: readonly Step[];
}

export interface HistoryQuery {
  readonly eventId: EventId;
  readonly userId?: UserId;
  /** Up to the last decision before or at this time, by the clocks of the workers. */
  readonly at?: number;
}

/**
 * Who held which seat at a time, and what was decided about one user until then. It reads no further than it has to.
 *
 * @param entries the journal of the event, from its first decision on
 */
export async function readHistory(
  entries: AsyncIterable<JournalEntry>,
  { eventId, userId, at = Infinity }: HistoryQuery,
): Promise<History> {
  const roll = startRoll();
  const chain: Step[] = [];
  let latest: Pick<JournalEntry, 'version' | 'decidedAt'> | undefined;
  for await (const entry of entries) {
    // Workers' clocks may differ; versions don't, so what stands behind a later one is later.
    if (entry.decidedAt > at) break;
    roll.entry(entry);
    latest = entry;
    const step = userId === undefined ? undefined : stepOf(entry, userId, roll);
    if (step !== undefined) chain.push(step);
  }
  const found = { eventId, places: roll.places(userId), chain };
  return latest === undefined
    ? { ...found, version: 0 }
    : { ...found, version: latest.version, decidedAt: latest.decidedAt };
}

/** Who was erased is known by the other id, as from the start. */
const isAbout = (fact: DomainEvent, userId: UserId): boolean =>
  ('userId' in fact && fact.userId === userId) || (fact.type === 'UserErased' && fact.erasedAs === userId);

/** Undefined for a decision that has nothing to do with the user. */
function stepOf(entry: JournalEntry, userId: UserId, roll: Roll): Step | undefined {
  const { version, commandId, causationId, decidedAt, commandType, actor, decision } = entry;
  const isAsked = actor?.kind === 'user' && actor.userId === userId;
  const about = {
    version,
    commandId,
    ...(causationId === undefined ? {} : { causationId }),
    decidedAt,
    commandType,
    actor: actor?.kind ?? 'unknown',
  } as const;
  if (decision.outcome === 'accepted') {
    const facts = decision.domainEvents.filter((fact) => isAbout(fact, userId));
    return facts.length > 0 || isAsked ? { ...about, facts } : undefined;
  }
  const { rejection } = decision;
  const registrationId = 'registrationId' in rejection ? rejection.registrationId : undefined;
  const isTheirs = registrationId !== undefined && roll.registrationOf(registrationId)?.userId === userId;
  return isAsked || isTheirs ? { ...about, facts: [], rejection } : undefined;
}
