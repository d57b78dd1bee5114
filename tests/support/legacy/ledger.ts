import type { Answer, Place } from './legacy-app.ts';
import type { Row } from './oracle.ts';

/** What somebody asked the legacy application for. */
export type Wish =
  | { readonly kind: 'signUp' | 'repeatSignUp' | 'cancel' | 'attended' | 'deleteDocumentOnly'; readonly place: Place }
  | { readonly kind: 'move'; readonly place: Place; readonly toRoleId: string }
  | { readonly kind: 'changeNotes'; readonly place: Place; readonly notes: string }
  | { readonly kind: 'promote' | 'changeCapacity' | 'editTitle'; readonly eventId: string };

/** What one user of one event was told last. */
export interface Standing {
  readonly place: Place;
  readonly status: Row['status'];
}

/**
 * What the users of the legacy application were told, so that a test can ask whether it is still true. Of those whose
 * operation failed half-way nothing is known; operations of one user on one event must not overlap.
 */
export class Ledger {
  readonly #standings = new Map<string, Standing>();
  readonly #gone = new Map<string, Place>();
  readonly #unsure = new Map<string, Place>();

  constructor(signedUp: readonly Standing[] = []) {
    for (const standing of signedUp) this.#standings.set(keyOf(standing.place), standing);
  }

  note(wish: Wish, answer: Answer): void {
    // Those of a whole event tell nobody where he stands.
    if (!('place' in wish)) return;
    const { place } = wish;
    const key = keyOf(place);
    if (answer.kind === 'failed' && answer.writes.length > 0) {
      this.#unsure.set(key, place);
      this.#standings.delete(key);
      this.#gone.delete(key);
    }
    if (answer.kind !== 'done') return;
    switch (wish.kind) {
      case 'signUp':
        // A line in the array is a seat; who waits has a document only.
        this.#stands(place, answer.writes.includes('array') ? 'confirmed' : 'waitlist');
        break;
      case 'cancel':
        this.#standings.delete(key);
        this.#gone.set(key, place);
        break;
      case 'move':
        this.#stands({ ...place, roleId: wish.toRoleId }, 'confirmed');
        break;
      case 'repeatSignUp':
      case 'changeNotes':
      case 'attended':
      case 'deleteDocumentOnly':
        break;
    }
  }

  /** Who waited has a seat now. */
  promoted(eventId: string, userId: string): void {
    const standing = this.#standings.get(`${eventId} ${userId}`);
    if (standing !== undefined) this.#stands(standing.place, 'confirmed');
  }

  /** Their promotion failed half-way. */
  lost(eventId: string, userId: string): void {
    const key = `${eventId} ${userId}`;
    const standing = this.#standings.get(key);
    if (standing === undefined) return;
    this.#unsure.set(key, standing.place);
    this.#standings.delete(key);
  }

  #stands(place: Place, status: Standing['status']): void {
    this.#standings.set(keyOf(place), { place, status });
    this.#gone.delete(keyOf(place));
  }

  /** Of this user at this event; undefined for somebody who has no place, or whose place is not known. */
  standingOf(place: Pick<Place, 'eventId' | 'person'>): Standing | undefined {
    return this.#standings.get(keyOf(place));
  }

  isUnsure(place: Pick<Place, 'eventId' | 'person'>): boolean {
    return this.#unsure.has(keyOf(place));
  }

  /** Those who were told that they have a place: in one role each. */
  standings(): Iterable<Standing> {
    return this.#standings.values();
  }

  /** Those who were told last that they have none any more. */
  gone(): Iterable<Place> {
    return this.#gone.values();
  }

  /** Those whose last operation failed after it had written something. */
  unsure(): Iterable<Place> {
    return this.#unsure.values();
  }
}

const keyOf = ({ eventId, person }: Pick<Place, 'eventId' | 'person'>): string =>
  `${eventId.toHexString()} ${person.userId.toHexString()}`;
