import type { Instant, Profile, Role } from '@rollcall/domain';
import { writtenIdOf } from '../ids.ts';
import type { LegacyDocument, LegacyEvent } from '../legacy.ts';
import type { Mapping } from '../mapping/schema.ts';
import { fieldOf } from '../settle/values.ts';
import type { HeldRegistration } from '../wanted.ts';
import { documentOf } from './documents.ts';
import type { RawIds } from './ids.ts';

/** What all that is written back is made with. */
export interface Tools {
  readonly mapping: Mapping;
  readonly rawIds: RawIds;
  readonly now: Instant;
}

/** The word of the action history for all that Rollcall did. */
export const rollcallAction = 'rollcall';

/** An entry of a list of signups, as the old system makes them. Addresses are for registration documents alone. */
export function entryOf({ mapping: { signup } }: Pick<Tools, 'mapping'>, userId: unknown, held: HeldRegistration) {
  return documentOf([
    [signup.userId, userId],
    ...namesOf(signup, held.profile),
    [signup.notes, held.notes],
    [signup.specialRequirements, held.specialRequirements],
  ]);
}

interface NameFields {
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
}

/** Rollcall knows one name; its last word becomes the last name, so that both together are that name again. */
function namesOf(fields: NameFields, profile: Profile | undefined): [string | null, unknown][] {
  if (profile === undefined) return [];
  const [, firstName, lastName] = /^(.*?)(?:\s(\S+))?$/su.exec(profile.displayName) ?? [];
  return [
    [fields.username, profile.displayName],
    [fields.firstName, firstName],
    [fields.lastName, lastName],
  ];
}

export function statusWordOf({ mapping }: Tools, { status, attendedAt }: HeldRegistration): string | null {
  const { written } = mapping.states;
  return (status === 'confirmed' && attendedAt !== undefined ? written.attended : null) ?? written[status];
}

/** The document of a registration that the old system has none of. Its id follows from that of the registration. */
export function registrationDocument(
  tools: Tools,
  legacy: LegacyEvent,
  held: HeldRegistration,
  role: { readonly id: unknown; readonly role: Role; readonly description: unknown },
): LegacyDocument {
  const { mapping, rawIds, now } = tools;
  const { registration: names, eventSnapshot: snapshot, event, action } = mapping;
  const copied = (name: string | null, from: string | null): [string | null, unknown] => [
    name,
    fieldOf(legacy.event, from),
  ];
  const date = new Date(held.registrationDate);
  return documentOf([
    ['_id', rawIds.of(held.legacyId ?? writtenIdOf(held.registrationId))],
    [names.eventId, legacy.event['_id']],
    [names.userId, rawIds.user(held.userId)],
    [names.roleId, role.id],
    [names.status, statusWordOf(tools, held)],
    [names.registrationDate, date],
    [names.notes, held.notes],
    [names.specialRequirements, held.specialRequirements],
    [names.registeredBy, rawIds.user(held.registeredBy)],
    [names.attendedAt, held.attendedAt === undefined ? undefined : new Date(held.attendedAt)],
    [
      names.userSnapshot,
      documentOf([...namesOf(mapping.userSnapshot, held.profile), [mapping.userSnapshot.email, held.profile?.email]]),
    ],
    [
      names.eventSnapshot,
      documentOf([
        copied(snapshot.title, event.title),
        copied(snapshot.date, event.date),
        copied(snapshot.time, event.time),
        copied(snapshot.location, event.location),
        [snapshot.roleName, role.role.name],
        [snapshot.roleDescription, role.description],
      ]),
    ],
    [
      names.actionHistory,
      [
        documentOf([
          [action.action, rollcallAction],
          [action.performedAt, new Date(now)],
          [action.details, 'registered'],
        ]),
      ],
    ],
    [names.createdAt, date],
    [names.updatedAt, new Date(now)],
  ]);
}
