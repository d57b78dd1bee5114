import type { ActiveRegistration, Registration, RegistrationId, RoleId, UserId } from '@rollcall/domain';
import { Column } from './column.ts';
import { Texts } from './texts.ts';

const kinds = { none: 0, confirmed: 1, waitlist: 2, cancelled: 3 } as const;

/**
 * The registrations of one event, with as little memory for each as it goes: verify folds a million of them. A slot is a
 * registration's number, for good, in the order in which they came.
 */
export class RegistrationTable {
  readonly #ids = new Texts();
  readonly #users = new Texts();
  readonly #roles = new Texts();
  readonly #kind = new Column('byte');
  readonly #role = new Column('whole');
  readonly #user = new Column('whole');
  readonly #sequence = new Column('wide');
  readonly #changedAt = new Column('wide');
  /** Attendance may come to be had by everybody, so it is a column; offers and moves are few at any time. */
  readonly #attendedAt = new Column('wide');
  readonly #offers = new Map<number, number>();
  readonly #replaces = new Map<number, RegistrationId>();
  /** Of each user 1 + the slot of an active registration, and of each such one of the next. */
  readonly #firstOfUser = new Column('whole');
  readonly #nextOfUser = new Column('whole');
  #latest: { readonly slot: number; readonly registration: Registration } | undefined;

  /** How many there are, cancelled ones too. */
  get size(): number {
    return this.#ids.count;
  }

  slotOf(registrationId: RegistrationId): number | undefined {
    return this.#ids.find(registrationId);
  }

  get(registrationId: RegistrationId): Registration | undefined {
    const slot = this.#ids.find(registrationId);
    return slot === undefined ? undefined : this.at(slot);
  }

  at(slot: number): Registration {
    if (this.#latest?.slot === slot) return this.#latest.registration;
    const registration = this.#read(slot);
    this.#latest = { slot, registration };
    return registration;
  }

  /** The version of the decision that changed it last. */
  changedAt(slot: number): number {
    return this.#changedAt.get(slot);
  }

  /** @returns its slot */
  set(registration: Registration, version: number): number {
    const slot = this.#ids.add(registration.registrationId);
    const before = this.#kind.get(slot);
    const [userBefore, user] = [this.#user.get(slot), this.#users.add(registration.userId)];
    if (isActive(before)) this.#unlink(userBefore, slot);
    const kind = kinds[registration.status];
    this.#kind.set(slot, kind);
    this.#role.set(slot, this.#roles.add(registration.roleId));
    this.#user.set(slot, user);
    this.#sequence.set(slot, registration.sequence);
    this.#changedAt.set(slot, version);
    this.#setRest(slot, registration);
    if (isActive(kind)) this.#link(user, slot);
    this.#latest = { slot, registration };
    return slot;
  }

  /** The slots of all that are active, in their order. */
  *active(): Iterable<number> {
    for (let slot = 0; slot < this.size; slot += 1) if (isActive(this.#kind.get(slot))) yield slot;
  }

  /** In the order in which they came. */
  activeSlotsOf(userId: UserId): readonly number[] {
    return this.#linkedOf(userId).toSorted((a, b) => a - b);
  }

  /** The latest first. */
  activeOf(userId: UserId): readonly ActiveRegistration[] {
    const found: ActiveRegistration[] = [];
    for (const slot of this.#linkedOf(userId)) {
      const registration = this.at(slot);
      if (registration.status !== 'cancelled') found.push(registration);
    }
    return found;
  }

  #linkedOf(userId: UserId): readonly number[] {
    const user = this.#users.find(userId);
    const slots: number[] = [];
    let next = user === undefined ? 0 : this.#firstOfUser.get(user);
    for (; next > 0; next = this.#nextOfUser.get(next - 1)) slots.push(next - 1);
    return slots;
  }

  #setRest(slot: number, registration: Registration): void {
    const { offer, replaces, attendedAt } = restOf(registration);
    if (offer === undefined) this.#offers.delete(slot);
    else this.#offers.set(slot, offer);
    if (replaces === undefined) this.#replaces.delete(slot);
    else this.#replaces.set(slot, replaces);
    // NaN, because 0 is a time too, and so is what was never set; only confirmed ones are asked for it.
    this.#attendedAt.set(slot, attendedAt ?? Number.NaN);
  }

  #read(slot: number): Registration {
    const about = {
      registrationId: this.#ids.at(slot) as RegistrationId,
      userId: this.#users.at(this.#user.get(slot)) as UserId,
      roleId: this.#roles.at(this.#role.get(slot)) as RoleId,
      sequence: this.#sequence.get(slot),
    };
    const kind = this.#kind.get(slot);
    if (kind === kinds.cancelled) return { ...about, status: 'cancelled' };
    if (kind === kinds.confirmed) {
      const attendedAt = this.#attendedAt.get(slot);
      return { ...about, status: 'confirmed', ...(Number.isNaN(attendedAt) ? {} : { attendedAt }) };
    }
    const [expiresAt, replaces] = [this.#offers.get(slot), this.#replaces.get(slot)];
    return {
      ...about,
      status: 'waitlist',
      ...(expiresAt === undefined ? {} : { offer: { expiresAt } }),
      ...(replaces === undefined ? {} : { replaces }),
    };
  }

  #link(user: number, slot: number): void {
    this.#nextOfUser.set(slot, this.#firstOfUser.get(user));
    this.#firstOfUser.set(user, slot + 1);
  }

  #unlink(user: number, slot: number): void {
    const after = this.#nextOfUser.get(slot);
    let at = this.#firstOfUser.get(user);
    if (at === slot + 1) return this.#firstOfUser.set(user, after);
    while (at > 0 && this.#nextOfUser.get(at - 1) !== slot + 1) at = this.#nextOfUser.get(at - 1);
    if (at > 0) this.#nextOfUser.set(at - 1, after);
  }
}

const isActive = (kind: number): boolean => kind === kinds.confirmed || kind === kinds.waitlist;

interface Rest {
  readonly offer?: number | undefined;
  readonly replaces?: RegistrationId | undefined;
  readonly attendedAt?: number | undefined;
}

function restOf(registration: Registration): Rest {
  switch (registration.status) {
    case 'confirmed':
      return { attendedAt: registration.attendedAt };
    case 'waitlist':
      return { offer: registration.offer?.expiresAt, replaces: registration.replaces };
    case 'cancelled':
      return {};
  }
}
