import {
  registrationIdFor,
  type CommandId,
  type EventId,
  type FinishImport,
  type ImportEvent,
  type ImportRegistration,
  type Instant,
  type RegistrationImported,
  type ResumeImport,
} from '@rollcall/domain';
import { aRole, signupTime, someSettings, theEventId, type EventParts } from './commands.ts';
import { aRoleId, aUserId, newCommandId } from './ids.ts';

export interface ImportEnvelope {
  readonly commandId?: CommandId;
  readonly eventId?: EventId;
  readonly at?: Instant;
}

/** Imports are Rollcall's own. */
function byRollcall({ commandId = newCommandId(), eventId = theEventId, at = signupTime }: ImportEnvelope) {
  return { commandId, eventId, acceptedAt: at, actor: { kind: 'system' } } as const;
}

/** What the system before called the event, unless a test says otherwise. */
export const legacyEventId = '64f000000000000000000001';

export function importEvent(
  { roles = [aRole()], settings = {}, pools = [] }: EventParts = {},
  { legacyId = legacyEventId, ...parts }: ImportEnvelope & { readonly legacyId?: string } = {},
): ImportEvent {
  return { ...byRollcall(parts), type: 'ImportEvent', legacyId, settings: someSettings(settings), roles, pools };
}

/** When the system before took whom a test imports. */
export const legacySignupTime: Instant = Date.UTC(2029, 0, 1);

type Statement = Omit<ImportRegistration, 'type' | 'actor' | 'commandId' | 'eventId' | 'acceptedAt'>;

export type ImportParts = ImportEnvelope & Partial<Omit<Statement, 'userId' | 'roleId'>> & { readonly role?: string };

/** The user has a seat in `volunteers`, or in the named role, by their own doing; with `status` they wait, or have cancelled. */
export function importRegistration(user: string, parts: ImportParts = {}): ImportRegistration {
  const { commandId, eventId, at, role = 'volunteers', ...said } = parts;
  return {
    ...byRollcall({
      ...(commandId === undefined ? {} : { commandId }),
      ...(eventId === undefined ? {} : { eventId }),
      ...(at === undefined ? {} : { at }),
    }),
    type: 'ImportRegistration',
    userId: aUserId(user),
    roleId: aRoleId(role),
    status: 'confirmed',
    registrationDate: legacySignupTime,
    registeredBy: aUserId(user),
    history: [],
    requeue: false,
    ...said,
  };
}

/** Says the registration that this import made anew, as it is but for `parts`. */
export function importAgain(before: ImportRegistration, parts: ImportParts = {}): ImportRegistration {
  const { type: _type, actor: _actor, commandId, eventId, acceptedAt: at, userId, roleId, ...said } = before;
  const { registrationId = registrationIdFor(commandId) } = said;
  return importRegistration(userId, { ...said, eventId, at, role: roleId, registrationId, ...parts });
}

export function finishImport(status: FinishImport['status'] = 'open', parts: ImportEnvelope = {}): FinishImport {
  return { ...byRollcall(parts), type: 'FinishImport', status };
}

export function resumeImport(parts: ImportEnvelope = {}): ResumeImport {
  return { ...byRollcall(parts), type: 'ResumeImport' };
}

/** The fact that follows from an import, to be compared with what was decided. */
export function imported(
  command: ImportRegistration,
  sequence: number,
  more: Partial<Pick<RegistrationImported, 'previous' | 'overLimit'>> = {},
): RegistrationImported {
  const { userId, roleId, status, registrationDate, registeredBy, legacyId, attendedAt, history } = command;
  const isNew = command.registrationId === undefined;
  return {
    type: 'RegistrationImported',
    registrationId: command.registrationId ?? registrationIdFor(command.commandId),
    userId,
    roleId,
    sequence,
    status,
    ...(legacyId === undefined ? {} : { legacyId }),
    registeredAt: registrationDate,
    ...(registeredBy === userId ? {} : { registeredBy }),
    ...(attendedAt === undefined ? {} : { attendedAt }),
    ...(isNew && history.length > 0 ? { history } : {}),
    ...more,
  };
}
