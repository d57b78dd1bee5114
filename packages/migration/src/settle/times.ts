import type { Instant } from '@rollcall/domain';
import { DateTime } from 'luxon';
import { inRange } from './values.ts';

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const timePattern = /^([01]?\d|2[0-3]):([0-5]\d)$/;

/** A day and a time of day, before it is known where. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

/** Undefined unless they are YYYY-MM-DD (or a date, whose day in UTC counts) and HH:MM. */
export function localTimeOf(date: unknown, time: unknown): LocalTime | undefined {
  const day = datePattern.exec(dayTextOf(date));
  const clock = typeof time === 'string' ? timePattern.exec(time.trim()) : null;
  if (day === null || clock === null) return undefined;
  const [year, month, dayOfMonth] = day.slice(1).map(Number);
  const [hour, minute] = clock.slice(1).map(Number);
  if (year === undefined || month === undefined || dayOfMonth === undefined) return undefined;
  return hour === undefined || minute === undefined ? undefined : { year, month, day: dayOfMonth, hour, minute };
}

function dayTextOf(date: unknown): string {
  if (typeof date === 'string') return date.trim();
  return date instanceof Date && !Number.isNaN(date.getTime()) ? date.toISOString().slice(0, 10) : '';
}

/**
 * When it is that time there. A time that the clocks skip is as much later as they skip; of one that they show twice the
 * first counts. Undefined for a day that no calendar has, and before 1970 or after 9999.
 */
export function instantAt(local: LocalTime, timeZone: string, daysLater = 0): Instant | undefined {
  const time = DateTime.fromObject({ ...local }, { zone: timeZone }).plus({ days: daysLater });
  if (!time.isValid) return undefined;
  const instant = Math.min(...time.getPossibleOffsets().map((possible) => possible.toMillis()));
  return inRange(instant) ? instant : undefined;
}

/** The day, YYYY-MM-DD, and the time of day, HH:MM, that it is there. */
export function dayAndTimeAt(instant: Instant, timeZone: string): { readonly day: string; readonly time: string } {
  const there = DateTime.fromMillis(instant, { zone: timeZone });
  return { day: there.toFormat('yyyy-MM-dd'), time: there.toFormat('HH:mm') };
}
