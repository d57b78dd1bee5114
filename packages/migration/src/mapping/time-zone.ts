import { IANAZone } from 'luxon';

/** As long as names of zones may be: packages/contracts/src/http/limits.ts. */
const timeZoneLengthMax = 64;

export function isTimeZone(name: string): boolean {
  return name.length <= timeZoneLengthMax && IANAZone.isValidZone(name);
}
