import type { CommandId, EventId, OrganizerId, PoolId, RegistrationId, RoleId, UserId } from '@rollcall/domain';
import { Type } from 'typebox';

/** Schemas of branded ids: what passes them is as good as parsed. The patterns are those of the domain's parsers. */
const id = <Id extends string>(pattern: string) => Type.Unsafe<Id>(Type.String({ pattern }));

export const commandIdSchema = id<CommandId>('^c[A-Za-z0-9_-]{22}$');
export const eventIdSchema = id<EventId>('^e[A-Za-z0-9_-]{22}$');
export const registrationIdSchema = id<RegistrationId>('^r[A-Za-z0-9_-]{22}$');
const name = '^[A-Za-z0-9_-]{1,32}$';
export const roleIdSchema = id<RoleId>(name);
export const poolIdPattern = name;
export const poolIdSchema = id<PoolId>(poolIdPattern);
const subject = String.raw`^[^\p{Cc}\p{Cs}]{1,128}$`;
export const userIdSchema = id<UserId>(subject);
/** Stands in place of a user who was erased. */
export const erasedIdSchema = id<UserId>('^erased-[A-Za-z0-9_-]{22}$');
export const organizerIdSchema = id<OrganizerId>(subject);
