import {
  mapTimes,
  type DomainEvent,
  type EventId,
  type Registration,
  type Rejection,
  type WithTimes,
} from '@rollcall/domain';
import type { History, Step } from './read-history.ts';
import type { Place } from './roll.ts';

/** What a history is told in: the event, each place, and each decision of the chain. Times are RFC 3339. */
export type HistoryDocument = EventLine | PlaceLine | DecisionLine;

interface EventLine {
  readonly type: 'event';
  readonly eventId: EventId;
  /** Of the last decision that is told of; 0 when there was none by then. */
  readonly version: number;
  readonly decidedAt?: string;
}

interface PlaceLine extends Pick<Registration, 'registrationId' | 'userId' | 'roleId' | 'sequence'> {
  readonly type: 'place';
  readonly standing: Place['standing'];
  readonly waitlistPosition?: number;
  readonly sinceVersion: number;
}

type DecisionLine = Omit<Step, 'decidedAt' | 'facts' | 'rejection'> & {
  readonly type: 'decision';
  readonly decidedAt: string;
  readonly facts: readonly WithTimes<DomainEvent, string>[];
  readonly rejection?: WithTimes<Rejection, string>;
};

const rfc3339 = (time: number) => new Date(time).toISOString();

/** One by one: an event may have a million registrations. */
export function* historyDocuments({ eventId, version, decidedAt, places, chain }: History): Iterable<HistoryDocument> {
  const about = { type: 'event', eventId, version } as const;
  yield decidedAt === undefined ? about : { ...about, decidedAt: rfc3339(decidedAt) };
  for (const place of places) yield placeLine(place);
  for (const step of chain) yield { type: 'decision', ...mapTimes(step, rfc3339) };
}

function placeLine({ registration, standing, waitlistPosition, since }: Place): PlaceLine {
  const { registrationId, userId, roleId, sequence } = registration;
  return {
    type: 'place',
    registrationId,
    userId,
    roleId,
    standing,
    ...(waitlistPosition === undefined ? {} : { waitlistPosition }),
    sequence,
    sinceVersion: since,
  };
}
