import type {
  ActiveRegistration,
  EventSettings,
  EventStatus,
  Obligation,
  Pool,
  Registration,
  Role,
  RoleId,
  Standing,
  UserId,
} from '@rollcall/domain';
import { Column } from './column.ts';
import { Decided } from './decided.ts';
import { fullLimit, noLimits, type CountedLimit, type CountedLimits } from './limits.ts';
import { RegistrationTable } from './registration-table.ts';
import { RoleRow } from './role-row.ts';

/**
 * An event as its journal tells it, up to one fact. Kept in parts that one fact changes in constant or logarithmic time,
 * since load runs have long histories.
 */
export interface Folded {
  /** Undefined until the event is created, as the settings are. */
  status: EventStatus | undefined;
  settings: EventSettings | undefined;
  pools: readonly Pool[];
  obligation: Obligation | undefined;
  /** What the system before calls it, if it came from there. */
  legacyId: string | undefined;
  /** The system before leads it. */
  importing: boolean;
  readonly roles: Map<RoleId, Role>;
  readonly rows: Map<RoleId, RoleRow>;
  /** Of each slot the place in its role's row. */
  readonly places: Column;
  readonly registrations: RegistrationTable;
  readonly decided: Decided;
  limits: CountedLimits;
}

export const emptyFold = (): Folded => ({
  status: undefined,
  settings: undefined,
  pools: [],
  obligation: undefined,
  legacyId: undefined,
  importing: false,
  roles: new Map(),
  rows: new Map(),
  places: new Column('whole'),
  registrations: new RegistrationTable(),
  decided: new Decided(),
  limits: noLimits,
});

export function standing(registration: Registration | undefined): Standing | undefined {
  if (registration === undefined || registration.status === 'cancelled') return undefined;
  if (registration.status === 'confirmed') return 'confirmed';
  return registration.offer === undefined ? 'waitlist' : 'offered';
}

export function holdsSeat(registration: Registration | undefined): boolean {
  const stands = standing(registration);
  return stands === 'confirmed' || stands === 'offered';
}

/** The role in which somebody holds a seat. */
export const seatOf = (registration: Registration | undefined): RoleId | undefined =>
  holdsSeat(registration) ? registration?.roleId : undefined;

export function rowOf({ rows, places }: Folded, roleId: RoleId): RoleRow {
  const known = rows.get(roleId);
  if (known !== undefined) return known;
  const row = new RoleRow(places);
  rows.set(roleId, row);
  return row;
}

export const waiting = ({ rows }: Folded, roleId: RoleId): number => rows.get(roleId)?.waitlist ?? 0;

export function firstInLine({ rows, registrations }: Folded, roleId: RoleId): Registration | undefined {
  const first = rows.get(roleId)?.firstInLine();
  return first === undefined ? undefined : registrations.at(first);
}

export const activeOf = ({ registrations }: Folded, userId: UserId): readonly ActiveRegistration[] =>
  registrations.activeOf(userId);

/** The active registration that this one waits to take the place of. */
export function replacedBy({ registrations }: Folded, registration: Registration): ActiveRegistration | undefined {
  if (registration.status !== 'waitlist' || registration.replaces === undefined) return undefined;
  const replaced = registrations.get(registration.replaces);
  return replaced === undefined || replaced.status === 'cancelled' ? undefined : replaced;
}

export const limitsOf = ({ limits }: Folded, roleId: RoleId): readonly CountedLimit[] =>
  limits.ofRole.get(roleId) ?? [];

/** What keeps the first of a line from a seat, or undefined when they could have one. */
export function obstacle(folded: Folded, head: Registration): CountedLimit | undefined {
  const { roleId } = head;
  // An offer leaves the old seat with its holder until it is accepted, so there must be room for both.
  const replaced = folded.roles.get(roleId)?.waitlist === 'offer' ? undefined : replacedBy(folded, head);
  return fullLimit(limitsOf(folded, roleId), seatOf(replaced));
}

/** The first of all lines who is next to get a seat: the earliest of those for whom all limits have room. */
export function nextInLine(folded: Folded): Registration | undefined {
  let next: Registration | undefined;
  for (const roleId of folded.roles.keys()) {
    const head = firstInLine(folded, roleId);
    if (head === undefined || (next !== undefined && next.sequence <= head.sequence)) continue;
    if (obstacle(folded, head) === undefined) next = head;
  }
  return next;
}
