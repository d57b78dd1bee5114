import type { CommandId, EventId, OrganizerId, PoolId, RegistrationId, RoleId, UserId } from '@rollcall/domain';
import type { Collections } from './connect.ts';
import type { EventDocument } from './event-document.ts';
import type { RegistrationDocument } from './registration-document.ts';

const digits = (n: number) => String(n).padStart(22, '0');
export const eventIdOf = (n: number) => `e${digits(n)}` as EventId;
export const registrationIdOf = (n: number) => `r${digits(n)}` as RegistrationId;
export const commandIdOf = (n: number) => `c${digits(n)}` as CommandId;

export const organizerId = 'org' as OrganizerId;
export const hot = eventIdOf(1);
export const roleA = 'a' as RoleId;
export const roleB = 'b' as RoleId;

/**
 * The hot event, with two roles in a pool: each has 600 confirmed, 300 waiting, of whom the first 30 have offers, and 100
 * cancelled. Nine others: ten registrations each. Three have an obligation.
 */
export const perRole = { confirmed: 600, waitlist: 300, cancelled: 100 } as const;
export const offers = 30;
export const rolesOfHot = 2;
export const activePerRole = perRole.confirmed + perRole.waitlist;
export const allPerRole = activePerRole + perRole.cancelled;
export const decisionsOfHot = 2_000;
export const firstOffer = Date.UTC(2029, 5, 1);

export async function seed({ events, registrations, journal }: Collections): Promise<void> {
  await events.insertMany(
    Array.from({ length: 10 }, (_, n): EventDocument => ({
      _id: eventIdOf(n + 1),
      version: 7,
      commitId: 'commit' as never,
      status: n === 9 ? 'draft' : 'open',
      organizerId,
      title: `Event ${n}`,
      startsAt: new Date(Date.UTC(2030, 0, 1 + Math.floor(n / 2))),
      endsAt: new Date(Date.UTC(2030, 1, 1)),
      timeZone: 'UTC',
      registrationsPerUserMax: 2,
      usersMayMove: false,
      roles: [roleA, roleB].map((roleId) => ({ roleId, name: roleId, capacity: 700, waitlist: 'offer', offerMs: 1 })),
      pools: n === 0 ? [{ poolId: 'both' as PoolId, capacity: 1_300, roleIds: [roleA, roleB] }] : [],
      ...(n % 3 === 2 ? { obligation: { kind: 'promote', causationId: commandIdOf(n), acceptedAt: new Date(n) } } : {}),
    })),
  );
  const documents: RegistrationDocument[] = [];
  const add = (
    eventId: EventId,
    roleId: RoleId,
    status: RegistrationDocument['status'],
    { userId, isOffered = false }: { readonly userId: UserId; readonly isOffered?: boolean },
  ) => {
    const n = documents.length;
    documents.push({
      _id: registrationIdOf(n),
      eventId,
      userId,
      roleId,
      status,
      sequence: n,
      registrationDate: new Date(Date.UTC(2029, 0, 1, 0, 0, Math.floor(n / 2))),
      registeredBy: userId,
      ...(isOffered ? { offer: { expiresAt: new Date(firstOffer + n) } } : {}),
    });
  };
  for (const roleId of [roleA, roleB]) {
    let user = 0;
    for (const status of ['confirmed', 'waitlist', 'cancelled'] as const) {
      for (let n = 0; n < perRole[status]; n += 1) {
        const isOffered = status === 'waitlist' && n < offers;
        add(hot, roleId, status, { userId: `u${(user += 1)}` as UserId, isOffered });
      }
    }
  }
  for (let n = 2; n <= 10; n += 1) {
    for (let i = 0; i < 10; i += 1) add(eventIdOf(n), roleA, 'confirmed', { userId: `u${i + 1}` as UserId });
  }
  await registrations.insertMany(documents);
  await journal.insertMany(
    Array.from({ length: decisionsOfHot }, (_, n) => ({
      eventId: hot,
      version: n + 1,
      commandId: commandIdOf(n),
      commitId: 'commit' as never,
      bodyHash: '',
      commandType: 'SignUp' as const,
      acceptedAt: new Date(0),
      decidedAt: new Date(0),
      outcome: 'rejected' as const,
      rejection: { reason: 'event-over' as const, endsAt: 0 },
    })),
  );
}
