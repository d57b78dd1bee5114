import { brokenRule, registrationIdFor } from '@rollcall/domain';
import type { LegacyId } from './legacy.ts';
import type { ImportCommand, ImportRegistrationBody, StatementBody } from './commands.ts';
import type { HeldEvent, HeldRegistration } from './wanted.ts';

/** A Rollcall as simple as can be: takes the commands of the migration, and throws where the real one refuses. */
export function applied(
  held: HeldEvent | undefined,
  commands: readonly ImportCommand<StatementBody>[],
): HeldEvent | undefined {
  return commands.reduce((current, command) => appliedOne(current, command), held);
}

function appliedOne(held: HeldEvent | undefined, { commandId, body }: ImportCommand<StatementBody>): HeldEvent {
  const version = (held?.version ?? 0) + 1;
  if (body.type === 'ImportEvent') {
    const { settings, roles } = body;
    if (brokenRule({ settings, roles, pools: [] }) !== undefined) throw new Error('settings-invalid');
    const registrations = held?.registrations ?? [];
    const known = new Set(roles.map(({ roleId }) => roleId));
    if (registrations.some(({ status, roleId }) => status !== 'cancelled' && !known.has(roleId))) {
      throw new Error('role-in-use');
    }
    return { version, importing: true, status: 'draft', settings, roles, registrations };
  }
  if (held === undefined) throw new Error('unknown-event');
  const before = held.registrations.find(({ registrationId }) => registrationId === body.registrationId);
  const after = restated(before, body, version, commandId);
  const others = held.registrations.filter((one) => one !== before);
  check(held, before, after, others);
  return { ...held, version, registrations: [...others, after] };
}

function restated(
  before: HeldRegistration | undefined,
  body: ImportRegistrationBody,
  version: number,
  commandId: ImportCommand['commandId'],
): HeldRegistration {
  const { type: _, actor: __, history: ___, requeue, legacyId, registrationId, ...rest } = body;
  if (registrationId !== undefined && before === undefined) throw new Error('unknown-registration');
  const id = registrationId ?? (commandId && registrationIdFor(commandId));
  if (id === undefined) throw new Error('a new registration needs the id of its command');
  const keeps = before !== undefined && before.roleId === rest.roleId && !requeue;
  return {
    ...rest,
    registrationId: id,
    legacyId: legacyId as LegacyId | undefined,
    sequence: keeps ? before.sequence : version,
  };
}

function check(
  held: HeldEvent,
  before: HeldRegistration | undefined,
  after: HeldRegistration,
  others: readonly HeldRegistration[],
): void {
  if (before?.status === 'cancelled') throw new Error('already-cancelled');
  if (before !== undefined && before.userId !== after.userId) throw new Error('another user');
  if (!held.roles.some(({ roleId }) => roleId === after.roleId)) throw new Error('unknown-role');
  if (others.some(({ registrationId }) => registrationId === after.registrationId)) throw new Error('id taken');
  const same = (one: HeldRegistration) => one.userId === after.userId && one.roleId === after.roleId;
  if (after.status !== 'cancelled' && others.some((one) => one.status !== 'cancelled' && same(one))) {
    throw new Error('already-registered');
  }
}
