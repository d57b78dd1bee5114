import { createHash } from 'node:crypto';
import { limits, type AddRoleBody } from '@rollcall/contracts/http';
import type { CommandId, Role, RoleId } from '@rollcall/domain';
import { given } from '../given.ts';

/** They only have to differ within one event; a repeat of the command gives its roles the same ids. */
export function roleIdFor(commandId: CommandId, place = 0): RoleId {
  const digest = createHash('sha256').update(`${commandId}\n${place}`).digest();
  return digest.subarray(0, 6).toString('base64url') as RoleId;
}

export function newRole(roleId: RoleId, body: AddRoleBody): Role {
  const { name, capacity, waitlist = 'auto', waitlistMax, offerSeconds = limits.offerSecondsDefault } = body;
  return { roleId, name, capacity, waitlist, ...given({ waitlistMax }), offerMs: offerSeconds * 1000 };
}
