import type { RoleId, UserId } from './ids.ts';

/** One line of the history that the system before kept of a registration, as far as it is a fact: without what people wrote. */
export interface LegacyAction {
  /** Its own word, 1 to 64 characters of letters, digits, `_`, `-`, `.`, `:` and space. */
  readonly action: string;
  readonly performedBy?: UserId;
  /** An instant, as commands have them. */
  readonly performedAt?: number;
  /** Where it was a change of roles. */
  readonly fromRoleId?: RoleId;
  readonly toRoleId?: RoleId;
}

/** More lines of one registration than these are not carried over: they all stand in one fact. */
export const legacyActionsMax = 100;
