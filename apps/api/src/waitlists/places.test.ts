import type { RoleId } from '@rollcall/domain';
import type { RegistrationView } from '@rollcall/engine';
import { expect, it } from 'vitest';
import { createPlaces } from './places.ts';
import { aRegistration } from '../testing/fakes.ts';

const waiting = (other: Partial<RegistrationView> = {}) =>
  aRegistration('one', { status: 'waitlist', sequence: 7, ...other });

/** Lines that answer this, one after the other, and what the registration is each time it is read again. */
function placesOf(places: (number | undefined)[], registrations: (RegistrationView | undefined)[] = []) {
  const asked: [RoleId, number][] = [];
  const { documentOf } = createPlaces({
    lines: {
      async placeOf(_eventId, roleId, sequence) {
        asked.push([roleId, sequence]);
        return places.shift();
      },
    },
    findRegistration: async () => registrations.shift(),
  });
  return { documentOf, asked };
}

it('who stands in line is shown with their place', async () => {
  const { documentOf, asked } = placesOf([3]);
  expect(await documentOf(waiting())).toMatchObject({ status: 'waitlist', waitlistPosition: 3 });
  expect(asked).toEqual([['role-1', 7]]);
});

it.each([aRegistration('one'), waiting({ offer: { expiresAt: 1 } }), aRegistration('one', { status: 'cancelled' })])(
  'who does not stand in line has no place, and none is asked for: $status',
  async (view) => {
    const { documentOf, asked } = placesOf([]);
    expect(await documentOf(view)).not.toHaveProperty('waitlistPosition');
    expect(asked).toEqual([]);
  },
);

it('who is not there at first may be at the next look', async () => {
  const { documentOf } = placesOf([undefined, 2]);
  expect(await documentOf(waiting())).toMatchObject({ waitlistPosition: 2 });
});

it('who has left the line meanwhile is shown as they are now', async () => {
  const { documentOf } = placesOf([undefined, undefined], [waiting({ offer: { expiresAt: 0 } })]);
  const shown = await documentOf(waiting());
  expect(shown).toMatchObject({ status: 'waitlist', offer: { expiresAt: '1970-01-01T00:00:00.000Z' } });
  expect(shown).not.toHaveProperty('waitlistPosition');
});

it('who stands in another line by then has their place there', async () => {
  const { documentOf, asked } = placesOf(
    [undefined, undefined, 4],
    [waiting({ roleId: 'bar' as RoleId, sequence: 9 })],
  );
  expect(await documentOf(waiting())).toMatchObject({ roleId: 'bar', waitlistPosition: 4 });
  expect(asked.at(-1)).toEqual(['bar', 9]);
});

it('who never stays where they were is shown without a place at last', async () => {
  const { documentOf, asked } = placesOf(
    [],
    Array.from({ length: 10 }, () => waiting()),
  );
  expect(await documentOf(waiting())).not.toHaveProperty('waitlistPosition');
  expect(asked).toHaveLength(6);
});

it('who was erased meanwhile is shown as they were', async () => {
  const { documentOf } = placesOf([], [undefined]);
  expect(await documentOf(waiting())).toMatchObject({ status: 'waitlist' });
});
