import type { Standing } from '@rollcall/domain';
import { Column } from './column.ts';
import { Marks } from './marks.ts';

/**
 * Everybody who ever came into a role, by slot, in the order in which they came: by sequence, as far as `line-order` finds
 * nothing. Whoever leaves a seat for the line stands where they came in, so places never move.
 */
export class RoleRow {
  readonly #comers = new Column('whole');
  /** Of those who are in this role: the places of all roles together, since each is in one at a time. */
  readonly #placeOf: Column;
  readonly #waiting = new Marks();
  readonly #seated = new Marks();
  #length = 0;
  confirmed = 0;
  offered = 0;

  constructor(places: Column) {
    this.#placeOf = places;
  }

  /** Those in line; who has been offered a seat has left it. */
  get waitlist(): number {
    return this.#waiting.count;
  }

  get active(): number {
    return this.#waiting.count + this.#seated.count;
  }

  enter(slot: number): void {
    this.#placeOf.set(slot, this.#length);
    this.#comers.set(this.#length, slot);
    this.#length += 1;
  }

  stand(slot: number, before: Standing | undefined, after: Standing | undefined): void {
    const place = this.#placeOf.get(slot);
    this.#waiting.set(place, after === 'waitlist');
    this.#seated.set(place, after === 'confirmed' || after === 'offered');
    this.confirmed += Number(after === 'confirmed') - Number(before === 'confirmed');
    this.offered += Number(after === 'offered') - Number(before === 'offered');
  }

  firstInLine(): number | undefined {
    return this.#at(this.#waiting.first());
  }

  /** The place in line, from 1, of one who stands in it. */
  placeInLine(slot: number): number {
    return this.#waiting.before(this.#placeOf.get(slot)) + 1;
  }

  /** Who came last of those who have a seat. */
  lastSeated(): number | undefined {
    return this.#at(this.#seated.last());
  }

  #at(place: number | undefined): number | undefined {
    return place === undefined ? undefined : this.#comers.get(place);
  }
}
