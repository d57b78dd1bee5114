import { parseOrganizerId, type EventSettings, type Instant, type OrganizerId } from '@rollcall/domain';
import { legacyIdOf, type LegacyEvent } from '../legacy.ts';
import type { Mapping } from '../mapping/schema.ts';
import { isTimeZone } from '../mapping/time-zone.ts';
import type { WantedEvent } from '../wanted.ts';
import { textOf, type Context } from './context.ts';
import { shortWord, type Findings } from './findings.ts';
import { instantAt, localTimeOf } from './times.ts';
import { textLengthMax } from './texts.ts';
import { dateOf, fieldOf, inRange, timeWithin, typeOf } from './values.ts';

const minuteMs = 60_000;
/** Ids of events stand in reports, journals and indexes. */
const legacyIdLengthMax = 128;

export function checkEventId({ legacyId, event }: LegacyEvent, findings: Findings): void {
  const id = legacyIdOf(event['_id']);
  if (id === legacyId && legacyId.length <= legacyIdLengthMax && !/[\p{Cc}\p{Cs}]/u.test(legacyId)) return;
  findings.found('event-id-unusable', { field: '_id', value: typeOf(event['_id']) });
}

export function timeZoneOf({ event }: LegacyEvent, mapping: Mapping, findings: Findings): string {
  const zone = fieldOf(event, mapping.event.timeZone);
  if (typeof zone === 'string' && isTimeZone(zone)) return zone;
  if (zone !== undefined)
    findings.found('field-unusable', { field: mapping.event.timeZone ?? '', value: typeOf(zone) });
  return mapping.timeZone;
}

/** Undefined where what is missing stops the event anyway. */
export function settingsOf(context: Context): EventSettings | undefined {
  const { mapping, legacy, timeZone, findings } = context;
  const { title: titleField, location: locationField } = mapping.event;
  const organizerId = organizerOf(context);
  const times = timesOf(context);
  const titleValue = fieldOf(legacy.event, titleField);
  if (titleValue === undefined) findings.found('field-unusable', { field: titleField, value: 'missing' });
  const title = textOf(context, titleValue, { field: titleField, lengthMax: textLengthMax.title }, {});
  const location = textOf(
    context,
    fieldOf(legacy.event, locationField),
    { field: locationField ?? '', lengthMax: textLengthMax.location },
    {},
  );
  if (organizerId === undefined || times === undefined) return undefined;
  const { registrationsPerUserMax, usersMayMove } = mapping.defaults;
  return {
    organizerId,
    title: title ?? 'Event',
    ...times,
    timeZone,
    ...(location === undefined ? {} : { location }),
    registrationsPerUserMax,
    usersMayMove,
  };
}

function organizerOf({ legacy, mapping, findings }: Context): OrganizerId | undefined {
  const { organizers, event } = mapping;
  const value = fieldOf(legacy.event, event.organizer);
  const legacyId = legacyIdOf(value);
  if (legacyId !== undefined && Object.hasOwn(organizers.table, legacyId)) {
    return parseOrganizerId(organizers.table[legacyId] ?? '');
  }
  const organizerId = legacyId && parseOrganizerId(organizers.default ?? legacyId);
  if (organizerId !== undefined) return organizerId;
  const facts = { field: event.organizer ?? '', value: typeOf(value) };
  const fallback = parseOrganizerId(organizers.default ?? '');
  if (fallback === undefined) findings.stopped('organizer-unusable', facts);
  else findings.found('organizer-unusable', facts);
  return fallback;
}

function timesOf(context: Context): { readonly startsAt: Instant; readonly endsAt: Instant } | undefined {
  const { legacy, mapping, timeZone, findings } = context;
  const { date: dateField, time: timeField } = mapping.event;
  const date = fieldOf(legacy.event, dateField);
  const time = fieldOf(legacy.event, timeField);
  const local = localTimeOf(date, time);
  const startsAt = local && instantAt(local, timeZone);
  const endsAt = startsAt && endOf(context, date, startsAt);
  if (startsAt !== undefined && endsAt !== undefined && inRange(endsAt)) return { startsAt, endsAt };
  findings.found('event-time-unusable', {
    field: `${dateField}, ${timeField}`,
    value: `${typeOf(date)}, ${typeOf(time)}`,
  });
  return undefined;
}

function endOf({ legacy, mapping, timeZone, findings }: Context, date: unknown, startsAt: Instant): Instant {
  const endDate = fieldOf(legacy.event, mapping.event.endDate);
  const endTime = fieldOf(legacy.event, mapping.event.endTime);
  const local = localTimeOf(endDate ?? date, endTime);
  const end = local && instantAt(local, timeZone);
  if (end !== undefined && end > startsAt) return end;
  findings.found('event-end', {
    field: mapping.event.endTime ?? '',
    value: end === undefined ? typeOf(endTime) : 'not after the start',
  });
  const nextDay = local && end !== startsAt && endDate === undefined ? instantAt(local, timeZone, 1) : undefined;
  return nextDay !== undefined && nextDay > startsAt ? nextDay : startsAt + mapping.defaults.eventMinutes * minuteMs;
}

export function eventStatusOf({ legacy, mapping, findings }: Context): WantedEvent['status'] {
  const word = fieldOf(legacy.event, mapping.event.status);
  for (const status of ['open', 'closed', 'cancelled'] as const) {
    if (typeof word === 'string' && mapping.eventStates[status].includes(word)) return status;
  }
  findings.found('event-status-unknown', { value: typeof word === 'string' ? shortWord(word) : typeOf(word) });
  return 'closed';
}

/** What dates that nobody wrote down follow from. */
export function eventCreatedAt({ legacy, mapping, timeZone }: Context, startsAt: Instant): Instant {
  return (
    dateOf(fieldOf(legacy.event, mapping.event.createdAt), timeZone) ?? timeWithin(legacy.event['_id']) ?? startsAt
  );
}
