import { createHash } from 'node:crypto';
import {
  commandIdFromToken,
  eventIdFor,
  parseRoleId,
  type CommandId,
  type EventId,
  type RegistrationId,
  type RoleId,
} from '@rollcall/domain';
import type { LegacyId } from './legacy.ts';

const tokenLength = 22;
const objectIdDigits = 24;
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const token = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, tokenLength);

/** Ids follow from those of the old system, so that whatever is done again finds what was done before. */
export function eventIdOf(legacyId: LegacyId): EventId {
  return eventIdFor(commandIdFromToken(token(`event:${legacyId}`)));
}

/** Of the command that makes a new registration, which takes its id from it. `key`: of the wanted registration. */
export function registrationCommandId(key: string): CommandId {
  return commandIdFromToken(token(`registration:${key}`));
}

/** A uuid without its dashes, another text as it is if it can be a role's id, and else a hash of it. */
export function roleIdOf(legacyRoleId: string): RoleId {
  const text = uuidPattern.test(legacyRoleId) ? legacyRoleId.replaceAll('-', '') : legacyRoleId;
  return parseRoleId(text) ?? (token(`role:${legacyRoleId}`) as RoleId);
}

/** The 24 hexadecimal digits of the ObjectId under which a registration that Rollcall made is written to the old system. */
export function writtenIdOf(registrationId: RegistrationId): LegacyId {
  return createHash('sha256').update(registrationId).digest('hex').slice(0, objectIdDigits) as LegacyId;
}
