import { createHash } from 'node:crypto';
import type { CreateEventBody } from '@rollcall/contracts/http';
import type { CommandId, EventSettings, Role, RoleId } from '@rollcall/domain';
import type { Mistake } from './faults.ts';

type Checked =
  | { readonly settings: EventSettings; readonly roles: readonly Role[] }
  | { readonly mistakes: readonly Mistake[] };

/** What a schema can't say: that names are unique, times in order, and the time zone one that exists. */
export function readEventSettings(body: CreateEventBody, commandId: CommandId): Checked {
  const { roles, startsAt, endsAt, signupOpensAt, signupClosesAt, registrationsPerUserMax, ...texts } = body;
  const times = { startsAt, endsAt, signupOpensAt, signupClosesAt };
  const mistakes: Mistake[] = [];
  const mistaken = (pointer: string, detail: string) => mistakes.push({ in: 'body', pointer, detail });

  for (const [name, time] of Object.entries(times)) {
    if (time !== undefined && Number.isNaN(Date.parse(time))) mistaken(`/${name}`, 'is not a time that exists');
  }
  if (!isTimeZone(body.timeZone)) mistaken('/timeZone', 'is not an IANA time zone');
  if (Date.parse(startsAt) >= Date.parse(endsAt)) mistaken('/endsAt', 'must be after startsAt');
  if (
    signupOpensAt !== undefined &&
    signupClosesAt !== undefined &&
    Date.parse(signupOpensAt) >= Date.parse(signupClosesAt)
  ) {
    mistaken('/signupClosesAt', 'must be after signupOpensAt');
  }
  const names = new Set<string>();
  for (const [place, { name }] of roles.entries()) {
    if (names.has(name)) mistaken(`/roles/${place}/name`, 'is the name of another role too');
    names.add(name);
  }
  if (mistakes.length > 0) return { mistakes };
  return {
    settings: {
      ...texts,
      startsAt: Date.parse(startsAt),
      endsAt: Date.parse(endsAt),
      ...(signupOpensAt === undefined ? {} : { signupOpensAt: Date.parse(signupOpensAt) }),
      ...(signupClosesAt === undefined ? {} : { signupClosesAt: Date.parse(signupClosesAt) }),
      registrationsPerUserMax: registrationsPerUserMax ?? 1,
    },
    roles: roles.map(({ name, capacity, waitlist }, place) => ({
      roleId: roleIdFor(commandId, place),
      name,
      capacity,
      waitlist: waitlist ?? 'auto',
    })),
  };
}

/** They only have to differ within one event; a repeat of the command gives its roles the same ids. */
function roleIdFor(commandId: CommandId, place: number): RoleId {
  const digest = createHash('sha256').update(`${commandId}\n${place}`).digest();
  return digest.subarray(0, 6).toString('base64url') as RoleId;
}

function isTimeZone(name: string): boolean {
  // Offsets like +02:00 are understood too, but they are no names.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
