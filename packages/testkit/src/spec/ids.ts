import { randomBytes } from 'node:crypto';
import {
  parseCommandId,
  parseOrganizerId,
  parsePoolId,
  parseRoleId,
  parseUserId,
  type CommandId,
  type CommitId,
  type OrganizerId,
  type PoolId,
  type RoleId,
  type UserId,
} from '@rollcall/domain';

const must = <Id>(id: Id | undefined, text: string): Id => {
  if (id === undefined) throw new Error(`"${text}" can't be such an id`);
  return id;
};

/** Tests run on servers that others use too, and that may remember the run before. */
const run = randomBytes(6).toString('base64url');
let made = 0;

/** A command id that nobody else has; later ones sort after earlier ones. */
export function newCommandId(): CommandId {
  made += 1;
  return commandIdNamed(`${run}${String(made).padStart(14, '0')}`);
}

/** A command id in which a label can be read: at most 22 characters of A-Z, a-z, 0-9, `_` and `-`. */
export function commandIdNamed(label: string): CommandId {
  const text = `c${label.padStart(22, '0')}`;
  return must(parseCommandId(text), text);
}

export const aUserId = (text: string): UserId => must(parseUserId(text), text);
export const aRoleId = (text: string): RoleId => must(parseRoleId(text), text);
export const aPoolId = (text: string): PoolId => must(parsePoolId(text), text);
export const anOrganizerId = (text: string): OrganizerId => must(parseOrganizerId(text), text);
/** Commit ids are only compared, so any text will do. */
export const aCommitId = (text: string): CommitId => text as CommitId;
