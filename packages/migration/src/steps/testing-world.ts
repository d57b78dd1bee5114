import type { LegacyDocument, LegacyId } from '../legacy.ts';
import { defaultMapping } from '../mapping/parse.ts';
import { aDocument, aLegacyEvent, aLegacyRole, aUser, documentNo, objectIdOf, userNo } from '../testing.ts';
import { backfill } from './backfill.ts';
import { cutOver } from './cutover.ts';
import type { MigrationLimits } from './ports.ts';
import { World } from './testing-ports.ts';

export const limits: MigrationLimits = {
  eventsAtOnce: 2,
  eventsPerRead: 2,
  bytesPerRead: 1_000,
  attemptsMax: 5,
  examplesMax: 2,
};
export const settings = { mapping: defaultMapping, limits };

const eventNo = (number: number) => objectIdOf(`65e0${String(number).padStart(20, '0')}`);
export const eventIdNo = (number: number) => eventNo(number).hex as LegacyId;
export const documentIdNo = (number: number) => documentNo(number).hex as LegacyId;
export const userIdNo = (number: number) => userNo(number).hex as LegacyId;

export function eventDocument(number: number, more: LegacyDocument = {}): LegacyDocument {
  const roles = [aLegacyRole('helpers', 5), aLegacyRole('cooks', 5)];
  return { ...aLegacyEvent({ event: { _id: eventNo(number), signedUp: 0, ...more }, roles }).event, ...more };
}

/** The document `number` of user `number`, for an event. */
export const registrationDocument = (number: number, event: number, more: LegacyDocument = {}): LegacyDocument =>
  aDocument(number, { eventId: eventNo(event), ...more });

/** Events 1 to `count`; each has the registration documents of its number times 10, plus 1 and plus 2. */
export function worldOf(count: number): World {
  const world = new World();
  for (let number = 1; number <= 100; number += 1)
    world.users.set(userIdNo(number), { _id: userNo(number), ...aUser(number) });
  for (let number = 1; number <= count; number += 1) {
    world.write('events', eventDocument(number));
    for (const each of [1, 2]) world.write('registrations', registrationDocument(number * 10 + each, number));
  }
  return world;
}

export async function importedWorld(count: number): Promise<World> {
  const world = worldOf(count);
  await backfill(world.ports, { ...settings, dryRun: false, signal: new AbortController().signal }, () => undefined);
  world.calls.length = 0;
  return world;
}

export const phaseOf = (world: World, number: number) => world.progress.get(eventIdNo(number))?.phase;
export const statusesOf = (world: World, number: number) =>
  world.heldOf(eventIdNo(number))?.registrations.map(({ status }) => status);

/** With all of it led by Rollcall. */
export async function cutWorld(count = 1): Promise<World> {
  const world = await importedWorld(count);
  const ids = Array.from({ length: count }, (_, index) => eventIdNo(index + 1));
  await cutOver(world.ports, { ...settings, dryRun: false }, ids);
  return world;
}
