import type { WaitingRegistration } from './state.ts';

/** The head of a role's line, first in line first, as far as it is loaded. */
export type Line = WaitingRegistration[];

/**
 * Puts somebody where their sequence belongs, unless that is behind what is loaded.
 *
 * @param length how many stood in line before, loaded or not
 */
export function insertIntoLine(line: Line, registration: WaitingRegistration, length: number): void {
  const isWhole = line.length === length;
  const last = line.at(-1);
  // Nearly always: a line of thousands is not walked for each who comes to its end.
  if (last === undefined || last.sequence < registration.sequence) {
    if (isWhole) line.push(registration);
    return;
  }
  const place = line.findIndex(({ sequence }) => sequence > registration.sequence);
  if (place >= 0) line.splice(place, 0, registration);
  else if (isWhole) line.push(registration);
}

/** Takes somebody out, if they are loaded. */
export function removeFromLine(line: Line, { registrationId }: Pick<WaitingRegistration, 'registrationId'>): void {
  // Nearly always the first.
  if (line[0]?.registrationId === registrationId) {
    line.shift();
    return;
  }
  const place = line.findIndex((waiting) => waiting.registrationId === registrationId);
  if (place >= 0) line.splice(place, 1);
}
