import { describe, expect, it } from 'vitest';
import { checkHistory } from './check-history.ts';
import { commandId, confirmed, created, entry, event, waitlisted } from './testing.ts';
import { planted } from './testing-planted.ts';
import { soundAndErased, soundAndErasedAgain } from './testing-planted-erasures.ts';
import { soundImport } from './testing-planted-imports.ts';
import { changedAt, sound, soundAndShown, soundToTheEnd } from './testing-sound.ts';

describe('the checkers', () => {
  it.each([
    ['open event', sound],
    ['open event whose counts are shown', soundAndShown],
    ['cancelled event', soundToTheEnd],
    ['event that somebody was erased from', soundAndErased],
    ['event that somebody has erased themselves from again', soundAndErasedAgain],
    ['event that was imported', soundImport],
  ])('find nothing in a sound history of an %s, with or without its arrivals', (_what, history) => {
    expect(checkHistory(history)).toEqual([]);
    const { arrivals: _unknown, ...withoutArrivals } = history;
    expect(checkHistory(withoutArrivals)).toEqual([]);
  });

  it('find nothing where nothing happened', () => {
    expect(checkHistory({ entries: [], event: undefined, registrations: [] })).toEqual([]);
  });

  it.each(planted)('find %s (%s)', (_what, check, history) => {
    const found = checkHistory(history).map((violation) => violation.check);
    expect(found).toContain(check);
  });

  it('have each been shown something to find', () => {
    const found = new Set(planted.map(([, check]) => check));
    expect([...found].toSorted()).toEqual([
      'allowed',
      'arrival-order',
      'capacity',
      'counts',
      'decided-once',
      'demotions',
      'erasures',
      'facts',
      'free-seats',
      'line-order',
      'moves',
      'nobody-passed',
      'obligations',
      'offers',
      'one-active',
      'projection',
      'promotions',
      'told',
      'user-limit',
      'versions',
    ]);
  });

  it('name the version and the ids, and no user', () => {
    const violations = checkHistory(changedAt(4, confirmed(4, 'bob')));
    expect(violations[0]).toEqual({
      check: 'capacity',
      version: 4,
      message: 'r0000000000000000000004 got a seat in volunteers, and of role volunteers 1 of 1 were taken',
    });
    const texts = planted.flatMap(([, , history]) => checkHistory(history)).map(({ message }) => message);
    for (const text of texts) expect(text).not.toMatch(/\b(ann|bob|cem|dan|eve|fay|gil|hal|ida)\b/);
  });

  it('get to the end of a long history', { timeout: 120_000 }, () => {
    const count = 100_000;
    const entries = [
      entry(1, created({ ...event, settings: { ...event.settings, endsAt: 10 * count } })),
      ...Array.from({ length: count }, (_, n) =>
        entry(n + 2, n === 0 ? confirmed(2, 'u0') : waitlisted(n + 2, `u${n}`, n)),
      ),
    ];
    const arrivals = entries.map((_, index) => commandId(index + 1));
    const violations = checkHistory({ entries, event: undefined, registrations: [], arrivals });
    expect(violations.filter(({ check }) => check !== 'projection')).toEqual([]);
    expect(violations.length).toBeGreaterThanOrEqual(count);
  });
});
