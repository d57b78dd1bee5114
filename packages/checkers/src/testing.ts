import {
  commandIdFromToken,
  eventIdFor,
  obligationStepId,
  parseOrganizerId,
  parsePoolId,
  parseRoleId,
  parseUserId,
  registrationIdFor,
  type CancelCause,
  type CommandId,
  type DomainEvent,
  type JournalEntry,
  type Pool,
  type RegistrationImported,
  type RegistrationWaitlisted,
  type Role,
  type RoleId,
  type Shortage,
  type Standing,
} from '@rollcall/domain';
import type { RecordedEvent, RecordedHistory } from './history.ts';

// Histories written by hand and not decided by the rules: one that the rules can't make is what has to be found.

const must = <Id>(id: Id | undefined): Id => {
  if (id === undefined) throw new Error('not such an id');
  return id;
};
export const commandId = (n: number): CommandId => commandIdFromToken(String(n).padStart(22, '0'));
export const registrationId = (n: number) => registrationIdFor(commandId(n));
export const userId = (user: string) => must(parseUserId(user));
const roleIdNamed = (name: string): RoleId => must(parseRoleId(name));

export const [volunteers, cooks, drivers] = ['volunteers', 'cooks', 'drivers'].map(roleIdNamed) as [
  RoleId,
  RoleId,
  RoleId,
];
export const roles: readonly [Role, Role, Role] = [
  { roleId: volunteers, name: 'Volunteers', capacity: 1, waitlist: 'auto', offerMs: 2 },
  { roleId: cooks, name: 'Cooks', capacity: 2, waitlist: 'auto', offerMs: 2 },
  { roleId: drivers, name: 'Drivers', capacity: 1, waitlist: 'offer', offerMs: 2 },
];
const poolId = must(parsePoolId('kitchen'));
export const kitchen = (capacity: number): readonly Pool[] => [{ poolId, capacity, roleIds: [cooks, drivers] }];
export const event: RecordedEvent = {
  status: 'draft',
  settings: {
    organizerId: must(parseOrganizerId('org-1')),
    title: 'Summer fair',
    startsAt: 900,
    endsAt: 1_000,
    timeZone: 'UTC',
    registrationsPerUserMax: 1,
    usersMayMove: true,
  },
  roles,
  pools: kitchen(2),
};

/** What is wrong, the check that has to find it, and where. */
export type Planted = readonly [what: string, check: string, history: RecordedHistory];

export type Fact = DomainEvent;

/** `n`: of the command that made the registration. */
const about = (n: number, user: string, roleId: RoleId, sequence = n) => ({
  registrationId: registrationId(n),
  userId: userId(user),
  roleId,
  sequence,
});

export const created = ({ settings, roles: some, pools }: RecordedEvent = event): Fact => ({
  type: 'EventCreated',
  settings,
  roles: some,
  pools,
});
export const opened: Fact = { type: 'EventOpened' };
export const poolChanged = (before: number, after: number): Fact => ({
  type: 'PoolsChanged',
  before: kitchen(before),
  after: kitchen(after),
});
export const capacityChanged = (roleId: RoleId, before: number, after: number): Fact => ({
  type: 'RoleCapacityChanged',
  roleId,
  before,
  after,
});
export const confirmed = (n: number, user: string, roleId = volunteers, sequence = n): Fact => ({
  type: 'RegistrationConfirmed',
  ...about(n, user, roleId, sequence),
});
export const roleFull = (roleId = volunteers, capacity = 1, taken = capacity): Shortage => ({
  reason: 'role-full',
  roleId,
  capacity,
  taken,
});
export const poolFull = (roleId: RoleId, capacity: number): Shortage => ({
  reason: 'pool-full',
  roleId,
  poolId,
  capacity,
  taken: capacity,
});
export const waitlisted = (
  n: number,
  user: string,
  waitlistPosition: number,
  parts: Partial<Pick<RegistrationWaitlisted, 'roleId' | 'because' | 'replaces' | 'sequence'>> = {},
): Fact => {
  const { roleId = volunteers, sequence = n, because = roleFull(roleId), ...rest } = parts;
  return {
    type: 'RegistrationWaitlisted',
    ...about(n, user, roleId, sequence),
    waitlistPosition,
    because,
    ...rest,
  };
};
export const offered = (n: number, user: string, expiresAt: number, roleId = drivers): Fact => ({
  type: 'RegistrationOffered',
  ...about(n, user, roleId),
  expiresAt,
});
export const promoted = (
  n: number,
  user: string,
  roleId = volunteers,
  previousStanding: 'waitlist' | 'offered' = 'waitlist',
): Fact => ({ type: 'RegistrationPromoted', ...about(n, user, roleId), previousStanding });
export const demoted = (n: number, user: string, roleId: RoleId, sequence = n): Fact => ({
  type: 'RegistrationDemoted',
  ...about(n, user, roleId, sequence),
  previousStanding: 'confirmed',
});
export const moved = (
  n: number,
  user: string,
  way: { readonly from: RoleId; readonly to: RoleId; readonly sequence: number },
): Fact => ({
  type: 'RegistrationMoved',
  ...about(n, user, way.to, way.sequence),
  previousRoleId: way.from,
  previousSequence: n,
  previousStanding: 'confirmed',
});
export const cancelled = (
  n: number,
  user: string,
  previousStanding: Standing,
  parts: { readonly cause?: CancelCause; readonly roleId?: RoleId; readonly sequence?: number } = {},
): Fact => {
  const { cause = 'user', roleId = volunteers, sequence = n } = parts;
  return { type: 'RegistrationCancelled', ...about(n, user, roleId, sequence), previousStanding, cause };
};
export const checkedIn = (n: number, user: string, roleId: RoleId, attendedAt: number): Fact => ({
  type: 'RegistrationCheckedIn',
  ...about(n, user, roleId),
  attendedAt,
});
export const eventImported = ({ settings, roles: some, pools }: RecordedEvent = event): Fact => ({
  type: 'EventImported',
  legacyId: 'legacy-1',
  settings,
  roles: some,
  pools,
});
export const imported = (
  n: number,
  user: string,
  parts: Partial<Omit<RegistrationImported, 'type' | 'registrationId' | 'userId'>> = {},
): Fact => ({
  type: 'RegistrationImported',
  ...about(n, user, volunteers),
  status: 'confirmed',
  registeredAt: 0,
  ...parts,
});
export const importFinished: Fact = { type: 'ImportFinished', status: 'open' };
export const importResumed: Fact = { type: 'ImportResumed' };
export const leaveToDo = (n: number): Fact => ({
  type: 'ObligationIncurred',
  obligation: { kind: 'cancel', causationId: commandId(n), acceptedAt: n },
});
export const nothingLeft = (n: number): Fact => ({
  type: 'ObligationDischarged',
  obligation: { kind: 'cancel', causationId: commandId(n), acceptedAt: n },
});

/** The command of a version has its number, and is accepted and decided at that time. */
export function entry(version: number, ...domainEvents: readonly Fact[]): JournalEntry {
  return {
    eventId: eventIdFor(commandId(1)),
    version,
    commandId: commandId(version),
    bodyHash: '',
    commandType: 'SignUp',
    actor: undefined,
    acceptedAt: version,
    decidedAt: version,
    decision: { outcome: 'accepted', domainEvents },
  };
}

/** Of an import: past the mailbox, and Rollcall's own. */
export function importEntry(
  version: number,
  commandType: 'ImportEvent' | 'ImportRegistration' | 'FinishImport' | 'ResumeImport',
  ...domainEvents: readonly Fact[]
): JournalEntry {
  return { ...entry(version, ...domainEvents), commandType, actor: { kind: 'system' } };
}

export function step(version: number, cause: number, ...domainEvents: readonly Fact[]): JournalEntry {
  return {
    ...entry(version, ...domainEvents),
    commandId: obligationStepId(version),
    causationId: commandId(cause),
    commandType: 'ObligationStep',
    actor: { kind: 'system' },
    acceptedAt: cause,
  };
}
