import type { ObjectId } from 'mongodb';
import { idOf, uuidOf } from './ids.ts';
import { lineOf, personOf, snapshotOf, type Person } from './people.ts';
import { sum, type Counts, type EventPlan, type Kind, type PersonKind, type StopKind } from './planting.ts';
import { randomOf, shuffle, type Random } from './random.ts';
import type {
  LegacyActionLine,
  LegacyEventDocument,
  LegacyLine,
  LegacyRegistrationDocument,
  LegacyRole,
} from './shape.ts';

/** How the generated system writes; the same for all of its events. */
export interface Manner {
  readonly seed: number;
  readonly rolesPerEvent: number;
  readonly userCount: number;
  readonly capacityField: 'maxParticipants' | 'capacity';
  /** The words for a seat, a place in line and a registration that is none any more. */
  readonly states: { readonly seat: string; readonly line: string; readonly gone: string };
  /** What `signedUp` counts where the two copies disagree: those who have a seat by the default rules, or lines of the arrays. */
  readonly signedUpCounts: 'seats' | 'lines';
  /** ms since 1970: events that are over lie before it, the others behind it. */
  readonly now: number;
}

export interface GeneratedEvent {
  readonly event: LegacyEventDocument;
  readonly registrations: readonly LegacyRegistrationDocument[];
  /** What was planted, and in whom. */
  readonly planted: Counts;
  readonly plants: readonly Plant[];
}

interface Plant {
  readonly kind: Kind;
  readonly roleId?: string;
  /** Of the user as text; of somebody unusable there is none. */
  readonly userId?: string;
}

/** Registrations of one event are numbered within this many. */
const registrationsPerEventMax = 2 ** 18;
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
/** Every so many-th person came in the same millisecond as the one before. */
const sameMomentEvery = 9;
const unusableUserIds: readonly [unknown, ...unknown[]] = [{}, true, undefined, null, ['x']];
const unusableDates: readonly [unknown, ...unknown[]] = [undefined, null, 'soon', true, {}];

interface DraftRole {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly lines: LegacyLine[];
  /** Those who have a seat by the default rules. */
  seats: number;
  waiting: number;
}

/** One event after the plan. */
export function eventOf(index: number, plan: EventPlan, manner: Manner): GeneratedEvent {
  const random = randomOf(manner.seed, index);
  const writer = new EventWriter(index, plan, manner, random);
  const kinds: (PersonKind | StopKind | undefined)[] = [...plan.people].flatMap(([kind, count]) =>
    Array.from({ length: count }, () => kind),
  );
  if (isStop(plan.own)) kinds.push(plan.own);
  while (kinds.length < plan.size) kinds.push(undefined);
  shuffle(kinds, random);
  for (const kind of kinds) writer.add(kind);
  return writer.result();
}

const isStop = (kind: EventPlan['own']): kind is StopKind =>
  kind === 'unknown-role' || kind === 'unknown-status' || kind === 'field-unusable';

class EventWriter {
  readonly #index: number;
  readonly #plan: EventPlan;
  readonly #manner: Manner;
  readonly #random: Random;
  readonly #eventId: ObjectId;
  readonly #createdAt: number;
  readonly #startsAt: number;
  readonly #title: string;
  readonly #roles: readonly DraftRole[];
  readonly #firstUser: number;
  readonly #registrations: LegacyRegistrationDocument[] = [];
  readonly #plants: Plant[] = [];
  #people = 0;
  #at: number;

  constructor(index: number, plan: EventPlan, manner: Manner, random: Random) {
    this.#index = index;
    this.#plan = plan;
    this.#manner = manner;
    this.#random = random;
    this.#eventId = idOf('event', manner.seed, index);
    const isOver = plan.own === 'event-completed';
    const isNow = plan.own === 'event-ongoing';
    const inDays = (1 + random.below(300)) * (isOver ? -1 : 1);
    this.#startsAt = isNow ? manner.now - hour : manner.now + inDays * day;
    this.#createdAt = Math.min(manner.now, this.#startsAt) - 60 * day;
    this.#at = this.#createdAt + day;
    this.#title = `Workshop ${index + 1}`;
    this.#firstUser = random.below(manner.userCount);
    const isRepeated = plan.own === 'role-name-repeat';
    this.#roles = Array.from({ length: manner.rolesPerEvent }, (_, place) => ({
      id: uuidOf(random),
      name: `Role ${isRepeated && place === 1 ? 1 : place + 1}`,
      description: `What people of role ${place + 1} do`,
      lines: [],
      seats: 0,
      waiting: 0,
    }));
    if (isRepeated) this.#plants.push({ kind: 'role-name-repeat' });
  }

  /** The next person who signed up. */
  add(kind: PersonKind | StopKind | undefined): void {
    const { seed, userCount, states } = this.#manner;
    const number = (this.#firstUser + this.#people) % userCount;
    // Nobody is nobody twice, in no event.
    const nobody = this.#index * registrationsPerEventMax + this.#people;
    const person = kind === 'unknown-user' ? personOf(seed, nobody, false) : personOf(seed, number);
    this.#people += 1;
    if (this.#people % sameMomentEvery !== 0) this.#at += 1 + this.#random.below(minute);
    const place = this.#random.below(this.#roles.length);
    const role = this.#role(place);
    const other = this.#role((place + 1) % this.#roles.length);
    const notes = this.#random.below(3) === 0 ? `Note of ${person.username}` : undefined;
    const seat = { status: states.seat, notes };
    if (kind !== undefined) {
      const userId = kind === 'field-unusable' ? {} : { userId: person.userId.toHexString() };
      this.#plants.push({ kind, roleId: role.id, ...userId });
    }
    switch (kind) {
      case undefined:
        this.#both(person, role, seat);
        break;
      case 'unknown-user':
        this.#both(person, role, seat);
        break;
      case 'array-only':
        this.#line(person, role, notes);
        role.seats += 1;
        break;
      case 'document-only':
        this.#document(person, role, seat);
        role.seats += 1;
        break;
      case 'array-repeat':
        this.#both(person, role, seat);
        this.#line(person, role, notes);
        break;
      case 'document-repeat':
        this.#both(person, role, seat);
        // Some came in the same millisecond: then the ids tell which was first.
        this.#document(person, role, { ...seat, afterMs: this.#random.below(3) });
        break;
      case 'two-roles':
        this.#both(person, role, seat);
        this.#both(person, other, seat);
        break;
      case 'notes-differ':
        this.#line(person, role, 'Old note');
        this.#document(person, role, { ...seat, notes: 'New note' });
        role.seats += 1;
        break;
      case 'role-differs':
        this.#line(person, role, notes);
        this.#document(person, other, seat);
        other.seats += 1;
        break;
      case 'date-text':
        this.#both(person, role, { ...seat, registrationDate: new Date(this.#at).toISOString() });
        break;
      case 'date-unusable':
        this.#both(person, role, { ...seat, registrationDate: this.#random.pick(unusableDates) });
        break;
      case 'waitlisted':
        this.#document(person, role, { ...seat, status: states.line });
        role.waiting += 1;
        break;
      case 'attended':
        this.#both(person, role, { ...seat, status: 'attended', did: { action: 'attended' } });
        break;
      case 'no-show':
        this.#both(person, role, { ...seat, status: 'no_show', did: { action: 'marked_no_show' } });
        break;
      case 'cancelled':
        this.#document(person, role, { ...seat, status: states.gone, did: { action: 'cancelled' } });
        break;
      case 'unknown-role':
        this.#document(person, { ...role, id: uuidOf(this.#random) }, seat);
        break;
      case 'unknown-status':
        this.#both(person, role, { ...seat, status: 'pending_review' });
        break;
      case 'field-unusable':
        this.#document(person, role, { ...seat, userId: this.#random.pick(unusableUserIds) });
        break;
    }
  }

  result(): GeneratedEvent {
    const { own } = this.#plan;
    if (own !== undefined && !isStop(own) && own !== 'role-name-repeat' && own !== 'over-capacity') {
      this.#plants.push({ kind: own });
    }
    const crowded = own === 'over-capacity' ? this.#fullest() : undefined;
    if (crowded !== undefined) this.#plants.push({ kind: 'over-capacity', roleId: crowded.id });
    const roles = this.#roles.map((role) => this.#finished(role, role === crowded));
    const slots = sum(roles.map(({ maxParticipants, capacity }) => maxParticipants ?? capacity ?? 0));
    const counts = this.#roles.map(({ seats, lines }) =>
      this.#manner.signedUpCounts === 'seats' ? seats : lines.length,
    );
    const pad = (value: number) => String(value).padStart(2, '0');
    const starts = new Date(this.#startsAt);
    // An event of an hour that has begun ends on its day: its hour is at most 22.
    const startHour = Math.min(22, starts.getUTCHours());
    const event: LegacyEventDocument = {
      _id: this.#eventId,
      title: this.#title,
      type: 'Workshop',
      purpose: 'To learn from each other',
      date: starts.toISOString().slice(0, 10),
      time: `${pad(startHour)}:${pad(starts.getUTCMinutes())}`,
      endTime: '23:30',
      location: `Hall ${this.#index % 20}`,
      organizer: 'Olga Organizer',
      createdBy: personOf(this.#manner.seed, 0).userId,
      roles,
      signedUp: sum(counts) + (own === 'signed-up-wrong' ? 1 + this.#random.below(3) : 0),
      totalSlots: slots + (own === 'total-slots-wrong' ? 1 + this.#random.below(9) : 0),
      status: statusOf(own),
      __v: this.#people,
      createdAt: new Date(this.#createdAt),
      updatedAt: new Date(this.#at),
    };
    const planted: Partial<Record<Kind, number>> = {};
    for (const { kind } of this.#plants) planted[kind] = (planted[kind] ?? 0) + 1;
    return { event, registrations: this.#registrations, planted, plants: this.#plants };
  }

  #fullest(): DraftRole {
    return this.#roles.reduce((a, b) => (b.seats > a.seats ? b : a));
  }

  #finished({ id, name, description, lines, seats, waiting }: DraftRole, isCrowded: boolean): LegacyRole {
    // Nobody waits beside a free seat; a role is for one person at least.
    const free = waiting > 0 && seats > 0 ? 0 : 1 + this.#random.below(10);
    const places = isCrowded ? seats - 1 - this.#random.below(Math.min(3, seats - 1)) : seats + free;
    return { id, name, description, [this.#manner.capacityField]: places, currentSignups: lines };
  }

  #both(person: Person, role: DraftRole, options: DocumentOptions): void {
    this.#line(person, role, options.notes);
    this.#document(person, role, options);
    role.seats += 1;
  }

  #line(person: Person, role: DraftRole, notes: string | undefined): void {
    role.lines.push(lineOf(person, notes));
  }

  #document(person: Person, role: DraftRole, options: DocumentOptions): void {
    const { status, notes, afterMs = 0, did } = options;
    const at = new Date(this.#at + afterMs);
    const number = this.#index * registrationsPerEventMax + this.#registrations.length;
    const userId = 'userId' in options ? options.userId : person.userId;
    const registrationDate = 'registrationDate' in options ? options.registrationDate : at;
    const signedUp = { performedBy: person.userId, performedAt: at, details: `Registered for ${role.name}` };
    const later = new Date(at.getTime() + hour);
    this.#registrations.push({
      _id: idOf('registration', this.#manner.seed, number),
      ...(userId === undefined ? {} : { userId }),
      eventId: this.#eventId,
      roleId: role.id,
      userSnapshot: snapshotOf(person),
      eventSnapshot: {
        title: this.#title,
        date: new Date(this.#startsAt).toISOString().slice(0, 10),
        time: '10:00',
        location: `Hall ${this.#index % 20}`,
        type: 'Workshop',
        roleName: role.name,
        roleDescription: role.description,
      },
      status,
      ...(registrationDate === undefined ? {} : { registrationDate }),
      ...(notes === undefined ? {} : { notes }),
      ...(this.#random.below(20) === 0 ? { specialRequirements: 'No nuts, please' } : {}),
      actionHistory: [
        { action: 'registered', ...signedUp },
        ...(did === undefined ? [] : [{ ...did, performedBy: person.userId, performedAt: later }]),
      ],
      registeredBy: person.userId,
      ipAddress: '192.0.2.7',
      userAgent: 'Mozilla/5.0',
      __v: 0,
      createdAt: at,
      updatedAt: did === undefined ? at : later,
    });
  }

  #role(place: number): DraftRole {
    const role = this.#roles[place];
    if (role === undefined) throw new Error(`there is no role ${place}`);
    return role;
  }
}

interface DocumentOptions {
  readonly status: string;
  readonly notes: string | undefined;
  /** How much later than its person came. */
  readonly afterMs?: number;
  /** In the place of the right ones; undefined: the field is missing. */
  readonly userId?: unknown;
  readonly registrationDate?: unknown;
  /** What was done with it later. */
  readonly did?: Pick<LegacyActionLine, 'action'>;
}

function statusOf(own: EventPlan['own']): LegacyEventDocument['status'] {
  if (own === 'event-ongoing') return 'ongoing';
  if (own === 'event-completed') return 'completed';
  return own === 'event-cancelled' ? 'cancelled' : 'upcoming';
}
