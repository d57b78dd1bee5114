import { expect, it } from 'vitest';
import type { DomainEvent } from './domain-event.ts';
import { mapTimes } from './instants.ts';

it('writes times wherever they stand, and leaves everything else as it is', () => {
  const fact: DomainEvent = {
    type: 'EventSettingsChanged',
    before: { title: 'Seen At', startsAt: 0 },
    after: { startsAt: 5, registrationsPerUserMax: 2 },
  };
  const written = mapTimes(
    { facts: [fact], offer: { expiresAt: 7, replaces: undefined }, at: null },
    (time) => `t${time}`,
  );
  expect(written).toEqual({
    facts: [
      { ...fact, before: { title: 'Seen At', startsAt: 't0' }, after: { startsAt: 't5', registrationsPerUserMax: 2 } },
    ],
    offer: { expiresAt: 't7', replaces: undefined },
    at: null,
  });
  const typed: string = written.offer.expiresAt;
  expect(typed).toBe('t7');
});
