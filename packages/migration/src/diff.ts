import type { RegistrationId, RoleId, UserId } from '@rollcall/domain';
import { writtenIdOf } from './ids.ts';
import type { LegacyId } from './legacy.ts';
import { requeued } from './lines.ts';
import { match, type Matched } from './match.ts';
import type { HeldEvent, HeldRegistration, WantedEvent, WantedRegistration } from './wanted.ts';

/** How a registration differs from what is wanted. */
export type DifferenceKind =
  | 'missing'
  | 'surplus'
  | 'role'
  | 'status'
  | 'order'
  | 'texts'
  | 'profile'
  | 'attended'
  | 'date'
  | 'registered-by'
  | 'legacy-id'
  | 'definition';

/** For people who look for its cause: ids, words and times; no texts of users. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly registrationId?: RegistrationId;
  readonly legacyId?: LegacyId;
  readonly userId?: UserId;
  readonly roleId?: RoleId;
  /** Of a definition the setting, or `roles`; of a text which. */
  readonly field?: string;
  readonly wanted?: string | number;
  readonly held?: string | number;
}

/** All in which Rollcall differs from what the old system says of an event. Empty exactly when `commandsFor` is. */
export function diff(wanted: WantedEvent, held: HeldEvent | undefined): Difference[] {
  const matched = match(wanted.registrations, held?.registrations ?? []);
  const again = requeued(wanted.registrations, (one) => keptSequence(one, matched.heldOf.get(one)));
  return [
    ...definitionDifferences(wanted, held),
    ...matched.surplus.map((one): Difference => ({ kind: 'surplus', ...idsOf(one) })),
    ...wanted.registrations.flatMap((one) => [
      ...differencesOf(one, matched),
      ...(again.has(one) ? [{ kind: 'order' as const, ...idsOf(one, matched.heldOf.get(one)) }] : []),
    ]),
  ];
}

/** The place in line that it keeps; undefined for one that gets a new one anyway. */
function keptSequence(wanted: WantedRegistration, held: HeldRegistration | undefined): number | undefined {
  return held?.roleId === wanted.roleId ? held.sequence : undefined;
}

function differencesOf(wanted: WantedRegistration, { heldOf }: Matched): Difference[] {
  const held = heldOf.get(wanted);
  if (held === undefined) return [{ kind: 'missing', ...idsOf(wanted) }];
  return changesOf(wanted, held).map((change) => ({ ...change, ...idsOf(wanted, held) }));
}

const ownId = (legacyId: LegacyId, { registrationId }: HeldRegistration): LegacyId | undefined =>
  writtenIdOf(registrationId) === legacyId ? legacyId : undefined;

type Change = Pick<Difference, 'kind' | 'field' | 'wanted' | 'held'>;

/** In what a registration differs from what is wanted of it. Of one that is over nothing is. */
export function changesOf(wanted: WantedRegistration, held: HeldRegistration): Change[] {
  if (held.status === 'cancelled') return [];
  const changes: Change[] = [];
  const compare = (kind: DifferenceKind, is: string | number | undefined, was: string | number | undefined) => {
    if (is !== was) {
      changes.push({ kind, ...(is === undefined ? {} : { wanted: is }), ...(was === undefined ? {} : { held: was }) });
    }
  };
  compare('status', wanted.status, held.status);
  if (wanted.status === 'cancelled') return changes;
  compare('role', wanted.roleId, held.roleId);
  compare('attended', wanted.attendedAt, held.attendedAt);
  compare('date', wanted.registrationDate, held.registrationDate);
  compare('registered-by', wanted.registeredBy, held.registeredBy);
  // One that has lost its document keeps the id of it; one that Rollcall made was written to the old system with an id of ours.
  if (wanted.legacyId !== undefined) {
    compare('legacy-id', wanted.legacyId, held.legacyId ?? ownId(wanted.legacyId, held));
  }
  for (const field of ['notes', 'specialRequirements'] as const) {
    if (wanted[field] !== held[field]) changes.push({ kind: 'texts', field });
  }
  if (!same(wanted.profile ?? {}, held.profile ?? {})) changes.push({ kind: 'profile' });
  return changes;
}

/** In what settings and roles differ. */
export function definitionDifferences(wanted: WantedEvent, held: HeldEvent | undefined): Difference[] {
  if (held === undefined) return [{ kind: 'definition', field: 'event' }];
  const settings = new Set([...Object.keys(wanted.settings), ...Object.keys(held.settings)]);
  const differing = [...settings].filter(
    (name) => Reflect.get(wanted.settings, name) !== Reflect.get(held.settings, name),
  );
  return [...differing.map((field): Difference => ({ kind: 'definition', field })), ...roleDifferences(wanted, held)];
}

function roleDifferences({ roles }: WantedEvent, held: HeldEvent): Difference[] {
  const before = new Map(held.roles.map((role) => [role.roleId, role]));
  const changed = roles.filter((role) => !same(role, before.get(role.roleId) ?? {}));
  const gone = held.roles.filter(({ roleId }) => !roles.some((role) => role.roleId === roleId));
  const differing = [...changed, ...gone].map(({ roleId }): Difference => ({
    kind: 'definition',
    field: 'roles',
    roleId,
  }));
  const ordered = roles.every(({ roleId }, index) => held.roles[index]?.roleId === roleId);
  return differing.length > 0 || ordered ? differing : [{ kind: 'definition', field: 'roles' }];
}

/** Whether flat values are equal; what is undefined is not there. */
function same(a: object, b: object): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => Reflect.get(a, name) === Reflect.get(b, name));
}

function idsOf(
  { legacyId, userId, roleId }: Pick<WantedRegistration, 'legacyId' | 'userId' | 'roleId'>,
  held?: HeldRegistration,
): Pick<Difference, 'registrationId' | 'legacyId' | 'userId' | 'roleId'> {
  return {
    ...(held === undefined ? {} : { registrationId: held.registrationId }),
    ...(legacyId === undefined ? {} : { legacyId }),
    userId,
    roleId,
  };
}
