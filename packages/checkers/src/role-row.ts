import type { RegistrationId, Standing } from '@rollcall/domain';
import { Marks } from './marks.ts';

/**
 * Everybody who ever came into a role, in the order in which they came: by sequence, as far as `line-order` finds nothing.
 * Whoever leaves a seat for the line stands where they came in, so places never move.
 */
export class RoleRow {
  readonly #comers: RegistrationId[] = [];
  readonly #placeOf = new Map<RegistrationId, number>();
  readonly #waiting = new Marks();
  readonly #seated = new Marks();
  confirmed = 0;
  offered = 0;

  /** Those in line; who has been offered a seat has left it. */
  get waitlist(): number {
    return this.#waiting.count;
  }

  get active(): number {
    return this.#waiting.count + this.#seated.count;
  }

  enter(registrationId: RegistrationId): void {
    this.#placeOf.set(registrationId, this.#comers.length);
    this.#comers.push(registrationId);
  }

  stand(registrationId: RegistrationId, before: Standing | undefined, after: Standing | undefined): void {
    const place = this.#placeOf.get(registrationId);
    if (place === undefined) throw new Error(`${registrationId} never came into the role`);
    this.#waiting.set(place, after === 'waitlist');
    this.#seated.set(place, after === 'confirmed' || after === 'offered');
    this.confirmed += Number(after === 'confirmed') - Number(before === 'confirmed');
    this.offered += Number(after === 'offered') - Number(before === 'offered');
  }

  firstInLine(): RegistrationId | undefined {
    return this.#at(this.#waiting.first());
  }

  /** The place in line, from 1, of one who stands in it. */
  placeInLine(registrationId: RegistrationId): number {
    return this.#waiting.before(this.#placeOf.get(registrationId) ?? 0) + 1;
  }

  /** Who came last of those who have a seat. */
  lastSeated(): RegistrationId | undefined {
    return this.#at(this.#seated.last());
  }

  #at(place: number | undefined): RegistrationId | undefined {
    return place === undefined ? undefined : this.#comers[place];
  }
}
