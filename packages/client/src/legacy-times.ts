/** Dates and times as the system before wrote them: by the clocks at the place of the event. */
export interface LegacyTimes {
  readonly date: string;
  readonly time: string;
  readonly endDate: string;
  readonly endTime: string;
}

/** @throws RangeError for a time zone that this machine does not know, or times that are none. */
export function legacyTimes(startsAt: number, endsAt: number, timeZone: string): LegacyTimes {
  const [start, end] = [clockAt(startsAt, timeZone), clockAt(endsAt, timeZone)];
  return { date: start.date, time: start.time, endDate: end.date, endTime: end.time };
}

/** Making one takes far longer than using it, and there are only so many zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

function clockAt(instant: number, timeZone: string): { readonly date: string; readonly time: string } {
  const parts = formatOf(timeZone).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? '';
  return {
    date: `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}`,
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  // Everything that a machine's own language would choose otherwise.
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formats.set(timeZone, format);
  return format;
}
