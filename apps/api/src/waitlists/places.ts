import type { RegistrationDocument } from '@rollcall/contracts/http';
import type { EventQueries, RegistrationView } from '@rollcall/engine';
import { registrationDocument } from '../reads/views.ts';
import type { WaitingLines } from './waiting-lines.ts';

/** Registrations as they are shown, those that stand in line with their exact place. */
export interface Places {
  documentOf(view: RegistrationView): Promise<RegistrationDocument>;
}

export interface PlacesOptions {
  readonly lines: WaitingLines;
  readonly findRegistration: EventQueries['findRegistration'];
}

/** Somebody would have to leave and join again between any two looks. */
const looksMax = 3;

export function createPlaces({ lines, findRegistration }: PlacesOptions): Places {
  async function placeOf({ eventId, roleId, sequence }: RegistrationView): Promise<number | undefined> {
    const place = await lines.placeOf(eventId, roleId, sequence);
    // Once more, by a look that began later than the registration was read for sure.
    return place ?? lines.placeOf(eventId, roleId, sequence);
  }

  return {
    async documentOf(view) {
      let shown = view;
      for (let look = 1; look <= looksMax && standsInLine(shown); look += 1) {
        const place = await placeOf(shown);
        if (place !== undefined) return registrationDocument(shown, place);
        // It has left the line since it was read: it has a seat now, or an offer, or was cancelled.
        const fresh = await findRegistration(shown.eventId, shown.registrationId);
        if (fresh === undefined) break;
        shown = fresh;
      }
      return registrationDocument(shown, undefined);
    },
  };
}

/** Who has been offered a seat has left the line. */
export const standsInLine = ({ status, offer }: RegistrationView): boolean =>
  status === 'waitlist' && offer === undefined;
