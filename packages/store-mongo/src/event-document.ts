import type {
  CommandId,
  CommitId,
  EventId,
  EventSettings,
  EventStatus,
  ExistingEvent,
  Limit,
  Obligation,
  OrganizerId,
  Pool,
  Role,
  RoleId,
  RoleState,
} from '@rollcall/domain';
import type { EventView, StandingCounts } from '@rollcall/engine';

/** What people sign up for. No signups and no counts: those are in the registrations alone. */
export interface EventDocument {
  readonly _id: EventId;
  readonly version: number;
  readonly commitId: CommitId;
  readonly status: EventStatus;
  readonly organizerId: OrganizerId;
  readonly title: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly timeZone: string;
  readonly location?: string;
  readonly signupOpensAt?: Date;
  readonly signupClosesAt?: Date;
  readonly cancelClosesAt?: Date;
  readonly capacity?: number;
  readonly registrationsPerUserMax: number;
  readonly usersMayMove: boolean;
  readonly roles: readonly Role[];
  readonly pools: readonly Pool[];
  readonly obligation?: ObligationDocument;
  /** What the system before calls it, if it came from there. */
  readonly legacyId?: string;
  /** Only while the system before leads it. */
  readonly importing?: true;
}

interface ObligationDocument {
  readonly kind: Obligation['kind'];
  readonly causationId: CommandId;
  readonly acceptedAt: Date;
  readonly limits?: readonly Limit[];
}

/** What the rules know of an event: everything but its id and head. */
type EventContent = Omit<EventDocument, '_id' | 'version' | 'commitId'>;

export function eventContent(current: ExistingEvent): EventContent {
  const { status, settings, roles, pools, obligation } = current;
  const { startsAt, endsAt, signupOpensAt, signupClosesAt, cancelClosesAt, ...rest } = settings;
  return {
    status,
    ...rest,
    startsAt: new Date(startsAt),
    endsAt: new Date(endsAt),
    ...(signupOpensAt === undefined ? {} : { signupOpensAt: new Date(signupOpensAt) }),
    ...(signupClosesAt === undefined ? {} : { signupClosesAt: new Date(signupClosesAt) }),
    ...(cancelClosesAt === undefined ? {} : { cancelClosesAt: new Date(cancelClosesAt) }),
    roles: [...roles.values()].map(({ role }) => role),
    pools,
    ...(obligation === undefined ? {} : { obligation: { ...obligation, acceptedAt: new Date(obligation.acceptedAt) } }),
    ...originOf(current),
  };
}

type OptionalKey<T> = { [Key in keyof T]-?: object extends Pick<T, Key> ? Key : never }[keyof T];

/** All that an event can lose again; the compiler sees to it that none is forgotten. */
const removable: Readonly<Record<OptionalKey<EventContent>, ''>> = {
  location: '',
  signupOpensAt: '',
  signupClosesAt: '',
  cancelClosesAt: '',
  capacity: '',
  obligation: '',
  legacyId: '',
  importing: '',
};

/** The fields of a stored event that this content lacks, as `$unset` takes them. */
export function missingOf(content: EventContent): Record<string, ''> {
  return Object.fromEntries(Object.entries(removable).filter(([field]) => !(field in content)));
}

export function eventView(document: EventDocument): EventView {
  const { _id: eventId, version, status, roles, pools } = document;
  return { eventId, version, status, settings: settingsOf(document), roles, pools, ...originOf(document) };
}

const noCounts: StandingCounts = { confirmed: 0, waitlist: 0, offered: 0 };

/** The event as the rules know it; a role that nothing was counted of has nobody. */
export function existingEvent(
  document: EventDocument,
  counts: ReadonlyMap<RoleId, StandingCounts> = new Map(),
): ExistingEvent {
  const { status, pools, obligation } = document;
  const roles = new Map<RoleId, RoleState>();
  for (const role of document.roles) roles.set(role.roleId, { role, ...(counts.get(role.roleId) ?? noCounts) });
  return {
    status,
    settings: settingsOf(document),
    pools,
    ...(obligation === undefined ? {} : { obligation: { ...obligation, acceptedAt: obligation.acceptedAt.getTime() } }),
    ...originOf(document),
    roles,
  };
}

function originOf({ legacyId, importing }: Pick<EventDocument, 'legacyId' | 'importing'>) {
  return {
    ...(legacyId === undefined ? {} : { legacyId }),
    ...(importing === undefined ? {} : { importing }),
  };
}

function settingsOf(document: EventDocument): EventSettings {
  const { organizerId, title, startsAt, endsAt, timeZone, registrationsPerUserMax, usersMayMove } = document;
  const { location, signupOpensAt, signupClosesAt, cancelClosesAt, capacity } = document;
  return {
    organizerId,
    title,
    startsAt: startsAt.getTime(),
    endsAt: endsAt.getTime(),
    timeZone,
    registrationsPerUserMax,
    usersMayMove,
    ...(location === undefined ? {} : { location }),
    ...(signupOpensAt === undefined ? {} : { signupOpensAt: signupOpensAt.getTime() }),
    ...(signupClosesAt === undefined ? {} : { signupClosesAt: signupClosesAt.getTime() }),
    ...(cancelClosesAt === undefined ? {} : { cancelClosesAt: cancelClosesAt.getTime() }),
    ...(capacity === undefined ? {} : { capacity }),
  };
}
