import { describe, expect, it } from 'vitest';
import { dayAndTimeAt, instantAt, localTimeOf } from './times.ts';

const at = (date: unknown, time: unknown, zone = 'UTC', later = 0) => {
  const local = localTimeOf(date, time);
  const instant = local && instantAt(local, zone, later);
  return instant === undefined ? undefined : new Date(instant).toISOString();
};

describe('the time of an event', () => {
  it.each([
    ['2030-06-01', '09:30', 'UTC', '2030-06-01T09:30:00.000Z'],
    ['2030-06-01', '9:30', 'Europe/Berlin', '2030-06-01T07:30:00.000Z'],
    ['2030-12-01', '09:30', 'America/New_York', '2030-12-01T14:30:00.000Z'],
    [new Date('2030-06-01T00:00:00Z'), '09:30', 'UTC', '2030-06-01T09:30:00.000Z'],
    ['1970-01-01', '00:00', 'UTC', '1970-01-01T00:00:00.000Z'],
    ['9999-12-31', '23:59', 'UTC', '9999-12-31T23:59:00.000Z'],
  ])('%s %s in %s', (date, time, zone, iso) => expect(at(date, time, zone)).toBe(iso));

  it('that the clocks skip is an hour later', () => {
    expect(at('2030-03-31', '02:30', 'Europe/Berlin')).toBe('2030-03-31T01:30:00.000Z');
    expect(at('2030-03-31', '01:59', 'Europe/Berlin')).toBe('2030-03-31T00:59:00.000Z');
    expect(at('2030-03-31', '03:00', 'Europe/Berlin')).toBe('2030-03-31T01:00:00.000Z');
  });

  it('that the clocks show twice is the first', () => {
    expect(at('2030-10-27', '02:30', 'Europe/Berlin')).toBe('2030-10-27T00:30:00.000Z');
    expect(at('2030-11-03', '01:30', 'America/New_York')).toBe('2030-11-03T05:30:00.000Z');
  });

  it('a day later is the same time of day', () => {
    expect(at('2030-03-30', '12:00', 'Europe/Berlin', 1)).toBe('2030-03-31T10:00:00.000Z');
    expect(at('9999-12-31', '12:00', 'UTC', 1)).toBeUndefined();
  });

  it.each([
    ['2030-02-30', '10:00'],
    ['2030-13-01', '10:00'],
    ['1969-12-31', '10:00'],
    ['0000-01-01', '10:00'],
    ['10000-01-01', '10:00'],
    ['2030-6-1', '10:00'],
    ['01.06.2030', '10:00'],
    ['2030-06-01', '24:00'],
    ['2030-06-01', '10:60'],
    ['2030-06-01', '10'],
    ['2030-06-01', 10],
    ['2030-06-01', undefined],
    [undefined, '10:00'],
    [new Date(Number.NaN), '10:00'],
    [{}, '10:00'],
  ])('is none: %s %s', (date, time) => expect(at(date, time)).toBeUndefined());

  it('can be told again', () => {
    expect(dayAndTimeAt(Date.UTC(2030, 5, 1, 22, 30), 'Europe/Berlin')).toEqual({ day: '2030-06-02', time: '00:30' });
  });
});
