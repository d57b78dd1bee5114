import { setTimeout as delay } from 'node:timers/promises';
import type { ObjectId } from 'mongodb';
import { Ledger, type Standing, type Wish } from './ledger.ts';
import type { Answer, LegacyApp } from './legacy-app.ts';
import type { Person } from './people.ts';
import { randomOf, type Random } from './random.ts';

export interface WriterOptions {
  readonly events: readonly [WriterEvent, ...WriterEvent[]];
  /** Who signs up; everybody for any of the events. */
  readonly people: readonly [Person, ...Person[]];
  /** Who of them has a place already. */
  readonly signedUp?: readonly Standing[];
  readonly perSecond: number;
  /** Ends it: nothing more is sent, and what is under way is waited for. */
  readonly signal: AbortSignal;
  readonly seed?: number;
  /** How often each operation is chosen among them. */
  readonly mix?: Readonly<Partial<Record<Operation, number>>>;
  readonly onAnswer?: (told: Told) => void;
}

export interface WriterEvent {
  readonly eventId: ObjectId;
  readonly roleIds: readonly [string, ...string[]];
}

interface Told {
  /** From 1, in the order in which they were sent. */
  readonly number: number;
  readonly wish: Wish;
  readonly answer: Answer;
  /** ms since 1970 */
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** The sum of what was written. */
export interface Written {
  readonly sent: number;
  readonly done: number;
  readonly refused: number;
  readonly failed: number;
  /** Of the failed ones those that a validator of MongoDB refused. */
  readonly frozen: number;
  readonly seconds: number;
  /** How long after its time an operation was sent at the latest, in ms. */
  readonly lateMsMax: number;
  readonly ledger: Ledger;
}

export type Operation = Wish['kind'];

/** As at a system that is in use; the last two are what makes its two copies differ. */
export const usualMix: Readonly<Record<Operation, number>> = {
  signUp: 46,
  cancel: 20,
  move: 10,
  changeNotes: 8,
  attended: 3,
  promote: 3,
  changeCapacity: 2,
  editTitle: 2,
  repeatSignUp: 3,
  deleteDocumentOnly: 3,
};

const tickMs = 5;
/** A database that stands still is not to fill the memory of who writes to it. */
const underWayMax = 500;
/** How often it looks for somebody to whom the chosen operation can happen; then it signs somebody up instead. */
const searchesMax = 20;
const validatorRefused = 121;

/** Writes to the legacy side at a rate, whether or not earlier operations are answered. */
export async function writeSteadily(app: LegacyApp, options: WriterOptions): Promise<Written> {
  const { perSecond, signal, onAnswer } = options;
  const chooser = new Chooser(options);
  const counts = { sent: 0, done: 0, refused: 0, failed: 0, frozen: 0 };
  const underWay = new Set<Promise<void>>();
  const faults: unknown[] = [];
  const startedAt = performance.now();
  let lateMsMax = 0;

  async function send(number: number, { wish, run, done }: Choice): Promise<void> {
    const sentAt = Date.now();
    const answer = await run(app);
    done(answer);
    counts[answer.kind] += 1;
    if (answer.kind === 'failed' && answer.code === validatorRefused) counts.frozen += 1;
    onAnswer?.({ number, wish, answer, sentAt, answeredAt: Date.now() });
  }

  while (!signal.aborted) {
    const elapsedMs = performance.now() - startedAt;
    while (counts.sent < (elapsedMs * perSecond) / 1_000 && underWay.size < underWayMax) {
      const choice = chooser.choose();
      if (choice === undefined) break;
      lateMsMax = Math.max(lateMsMax, elapsedMs - (counts.sent * 1_000) / perSecond);
      counts.sent += 1;
      const sending = send(counts.sent, choice).finally(() => underWay.delete(sending));
      // What goes wrong is thrown when everything is waited for.
      sending.catch((error: unknown) => faults.push(error));
      underWay.add(sending);
    }
    if (faults.length > 0) break;
    await delay(tickMs, undefined, { signal }).catch(() => undefined);
  }
  await Promise.allSettled(underWay);
  if (faults.length > 0) throw faults[0];
  return { ...counts, seconds: (performance.now() - startedAt) / 1_000, lateMsMax, ledger: chooser.ledger };
}

interface Choice {
  readonly wish: Wish;
  readonly run: (app: LegacyApp) => Promise<Answer & { readonly userId?: ObjectId }>;
  readonly done: (answer: Answer & { readonly userId?: ObjectId }) => void;
}

interface Promotion {
  readonly eventId: ObjectId;
  readonly roleId: string;
}

/** Chooses what happens next, so that no two operations of one user at one event overlap: who was told what stays known. */
class Chooser {
  readonly ledger: Ledger;
  readonly #options: WriterOptions;
  readonly #random: Random;
  readonly #busy = new Set<string>();
  /** A promotion whose event has something under way: nothing new begins there, so that its turn comes on a slow machine too. */
  #waiting: Promotion | undefined;
  /** Those who have a place, to find one of them quickly; some of them have left it. */
  readonly #places: Standing[];
  readonly #weights: readonly (readonly [Operation, number])[];

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#random = randomOf(options.seed ?? 1);
    this.ledger = new Ledger(options.signedUp);
    this.#places = [...(options.signedUp ?? [])];
    this.#weights = Object.entries(options.mix ?? usualMix) as [Operation, number][];
  }

  /** Undefined when everybody is busy. */
  choose(): Choice | undefined {
    const promotion = this.#waiting === undefined ? undefined : this.#promote(this.#waiting);
    if (promotion !== undefined) return promotion;
    const kind = this.#kind();
    for (let search = 0; search < searchesMax; search += 1) {
      const choice = this.#attempt(kind);
      if (choice !== undefined) return choice;
    }
    return this.#attempt('signUp');
  }

  #kind(): Operation {
    const total = this.#weights.reduce((sum, [, weight]) => sum + weight, 0);
    let left = this.#random.next() * total;
    for (const [kind, weight] of this.#weights) {
      left -= weight;
      if (left < 0) return kind;
    }
    return 'signUp';
  }

  #attempt(kind: Operation): Choice | undefined {
    switch (kind) {
      case 'signUp':
        return this.#signUp();
      case 'promote':
      case 'changeCapacity':
      case 'editTitle':
        return this.#ofEvent(kind);
      case 'cancel':
      case 'move':
      case 'changeNotes':
      case 'attended':
      case 'repeatSignUp':
      case 'deleteDocumentOnly':
        return this.#ofPlace(kind);
    }
  }

  #signUp(): Choice | undefined {
    const { events, people } = this.#options;
    const { eventId, roleIds } = this.#random.pick(events);
    const place = { eventId, roleId: this.#random.pick(roleIds), person: this.#random.pick(people) };
    if (this.ledger.standingOf(place) !== undefined || this.ledger.isUnsure(place)) return undefined;
    const notes = this.#random.below(3) === 0 ? { notes: `Note ${this.#random.below(1_000)}` } : {};
    return this.#held({ kind: 'signUp', place }, (app) => app.signUp(place, { ...notes, waitlist: true }));
  }

  #ofPlace(kind: 'cancel' | 'move' | 'changeNotes' | 'attended' | 'repeatSignUp' | 'deleteDocumentOnly') {
    const index = this.#random.below(this.#places.length);
    const remembered = this.#places[index];
    if (remembered === undefined) return undefined;
    const standing = this.ledger.standingOf(remembered.place);
    if (standing === undefined) {
      // The last one takes the place of one who has left.
      const last = this.#places.pop();
      if (last !== undefined && index < this.#places.length) this.#places[index] = last;
      return undefined;
    }
    const { place, status } = standing;
    if (kind === 'cancel') {
      const how = this.#random.below(2) === 0 ? 'delete' : 'status';
      return this.#held({ kind, place }, (app) => app.cancel(place, how));
    }
    // Who waits is in no array: the other operations are for those with a seat.
    if (status !== 'confirmed') return undefined;
    switch (kind) {
      case 'move': {
        const toRoleId = this.#otherRole(place.eventId, place.roleId);
        if (toRoleId === undefined) return undefined;
        return this.#held({ kind, place, toRoleId }, (app) => app.move(place, toRoleId));
      }
      case 'changeNotes': {
        const notes = `Note ${this.#random.below(1_000)}`;
        return this.#held({ kind, place, notes }, (app) => app.changeNotes(place, notes));
      }
      case 'attended':
        return this.#held({ kind, place }, (app) => app.markAttended(place));
      case 'repeatSignUp':
        return this.#held({ kind, place }, (app) => app.repeatSignUp(place));
      case 'deleteDocumentOnly':
        return this.#held({ kind, place }, (app) => app.deleteDocumentOnly(place));
    }
  }

  #otherRole(eventId: ObjectId, roleId: string): string | undefined {
    const event = this.#options.events.find((one) => one.eventId.equals(eventId));
    const others = event?.roleIds.filter((id) => id !== roleId) ?? [];
    return others[this.#random.below(others.length)];
  }

  #ofEvent(kind: 'promote' | 'changeCapacity' | 'editTitle'): Choice | undefined {
    const { eventId, roleIds } = this.#random.pick(this.#options.events);
    const roleId = this.#random.pick(roleIds);
    const eventKey = eventId.toHexString();
    const wish: Wish = { kind, eventId: eventKey };
    if (kind === 'editTitle') {
      const title = `Title ${this.#random.below(1_000)}`;
      return { wish, run: (app) => app.editTitle(eventId, title), done: () => undefined };
    }
    if (kind === 'changeCapacity') {
      const capacity = 1 + this.#random.below(50);
      return { wish, run: (app) => app.changeCapacity(eventId, roleId, capacity), done: () => undefined };
    }
    return this.#promote({ eventId, roleId });
  }

  /** Undefined while something is under way at the event: whoever is first in line must have nothing else under way. */
  #promote(promotion: Promotion): Choice | undefined {
    const { eventId, roleId } = promotion;
    const eventKey = eventId.toHexString();
    if ([...this.#busy].some((key) => key.startsWith(eventKey))) {
      this.#waiting ??= promotion;
      return undefined;
    }
    if (this.#waiting === promotion) this.#waiting = undefined;
    this.#busy.add(eventKey);
    return {
      wish: { kind: 'promote', eventId: eventKey },
      run: (app) => app.promote(eventId, roleId),
      done: (answer) => {
        this.#busy.delete(eventKey);
        const userId = answer.userId?.toHexString();
        if (userId === undefined) return;
        if (answer.kind === 'done') this.ledger.promoted(eventKey, userId);
        else if (answer.kind === 'failed' && answer.writes.length > 0) this.ledger.lost(eventKey, userId);
      },
    };
  }

  /** Undefined while the user, or the whole event, has something under way. */
  #held(wish: Extract<Wish, { place: unknown }>, run: (app: LegacyApp) => Promise<Answer>): Choice | undefined {
    const { eventId, person } = wish.place;
    const eventKey = eventId.toHexString();
    const key = `${eventKey} ${person.userId.toHexString()}`;
    if (this.#busy.has(key) || this.#busy.has(eventKey) || this.#waiting?.eventId.equals(eventId)) return undefined;
    this.#busy.add(key);
    return {
      wish,
      run,
      done: (answer) => {
        this.#busy.delete(key);
        this.ledger.note(wish, answer);
        const standing = this.ledger.standingOf(wish.place);
        if (wish.kind === 'signUp' && standing !== undefined) this.#places.push(standing);
      },
    };
  }
}
