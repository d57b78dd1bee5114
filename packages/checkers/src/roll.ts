import type { JournalEntry, Registration, UserId } from '@rollcall/domain';
import { standing } from './folded.ts';
import { startWatching } from './watch.ts';

/** A registration that holds a place, with its place in line if it stands in one. */
export interface Place {
  readonly registration: Registration;
  readonly standing: 'confirmed' | 'waitlist' | 'offered';
  readonly waitlistPosition?: number;
  /** The version of the decision that changed it last. */
  readonly since: number;
}

/** Who holds what by the journal so far; folds and checks nothing. */
export interface Roll {
  entry(entry: JournalEntry): void;
  registrationOf(registrationId: Registration['registrationId']): Registration | undefined;
  /** In the order in which they came; of one user, or of all. */
  places(userId?: UserId): Iterable<Place>;
}

export function startRoll(): Roll {
  const watched = startWatching([], () => undefined);
  const { registrations, rows } = watched.folded;
  return {
    entry(entry) {
      watched.entry(entry);
    },
    registrationOf: (registrationId) => registrations.get(registrationId),
    *places(userId) {
      for (const slot of userId === undefined ? registrations.active() : registrations.activeSlotsOf(userId)) {
        const registration = registrations.at(slot);
        const stands = standing(registration);
        if (stands === undefined) continue;
        const waitlistPosition = stands === 'waitlist' ? rows.get(registration.roleId)?.placeInLine(slot) : undefined;
        const place = { registration, standing: stands, since: registrations.changedAt(slot) };
        yield waitlistPosition === undefined ? place : { ...place, waitlistPosition };
      }
    },
  };
}
