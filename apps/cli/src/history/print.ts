import type { History, Place, Step } from '@rollcall/checkers';
import type { DomainEvent } from '@rollcall/domain';

const time = (instant: number) => new Date(instant).toISOString();

/** Line by line: an event may have a million registrations. */
export function* historyLines({ eventId, version, decidedAt, places, chain }: History): Iterable<string> {
  yield `event ${eventId} at version ${version}${decidedAt === undefined ? '' : `, decided ${time(decidedAt)}`}`;
  let held = 0;
  for (const place of places) {
    held += 1;
    yield placeLine(place);
  }
  if (held === 0) yield 'nobody held a place';
  for (const step of chain) yield* stepLines(step);
}

function placeLine({ registration, standing, waitlistPosition, since }: Place): string {
  const { registrationId, userId, roleId } = registration;
  const place = waitlistPosition === undefined ? '' : `, place ${waitlistPosition}`;
  return `${registrationId} ${standing} in ${roleId}${place}, since version ${since}, user ${userId}`;
}

function* stepLines(step: Step): Iterable<string> {
  const { version, decidedAt, commandType, actor, causationId, facts, rejection } = step;
  const because = causationId === undefined ? '' : `, following from ${causationId}`;
  yield `version ${version} ${time(decidedAt)} ${commandType} by ${actor}${because}`;
  if (rejection !== undefined) {
    const { reason, ...behind } = rejection;
    yield `  refused: ${reason}${factsBehind(behind)}`;
  }
  for (const fact of facts) yield `  ${factLine(fact)}`;
  if (rejection === undefined && facts.length === 0) yield '  accepted; it changed nothing of theirs';
}

function factLine(fact: DomainEvent): string {
  if (fact.type === 'UserErased') return `${fact.type} from ${fact.registrationIds.length} registrations`;
  if (!('registrationId' in fact)) return fact.type;
  const { type, registrationId, userId: _user, roleId, ...behind } = fact;
  return `${type} ${registrationId} in ${roleId}${factsBehind(behind)}`;
}

const factsBehind = (facts: object) => (Object.keys(facts).length === 0 ? '' : ` ${JSON.stringify(facts)}`);
