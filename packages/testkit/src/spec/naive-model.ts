import type { Command, CreateEvent, Effect, EraseUser, Instant, Reason, Rejection, Result } from '@rollcall/domain';
import { addRole, changeEventSettings, changeRole, deleteRole, type NaiveMaxima } from './naive-organizing.ts';
import { finishImport, importEvent, importRegistration, isImport, resumeImport } from './naive-importing.ts';
import { promoteAll } from './naive-promoting.ts';
import { onRegistration } from './naive-registrations.ts';
import {
  accept,
  refuse,
  type NaiveChange,
  type NaiveEvent,
  type NaiveMoment,
  type NaiveOutcome,
  type NaiveRow,
  type NaiveWorld,
} from './naive-rows.ts';
import { brokenRule } from './naive-settings.ts';
import { move, signUp } from './naive-signups.ts';

/** What became of a command. */
export type Verdict =
  | { readonly refused: Reason; readonly facts: Rejection }
  | { readonly accepted: Result; readonly changes: readonly NaiveChange[] };

export interface NaiveModel {
  readonly event: NaiveEvent | undefined;
  readonly rows: readonly NaiveRow[];
  /** `version` is that of the decision, which counts the steps of obligations too: the model does not know of them. */
  apply(command: Command, when: { readonly version: number; readonly decidedAt: Instant }): Verdict;
}

/**
 * The rules once more, from docs/rules.md, as somebody would write them who has one list of rows, reads all of it every
 * time and knows nothing of counts, batches, working sets and obligations: everything happens at once.
 */
export function createNaiveModel(maxima: NaiveMaxima): NaiveModel {
  const world: NaiveWorld = { event: undefined, rows: [] };

  function apply(command: Command, when: { readonly version: number; readonly decidedAt: Instant }): Verdict {
    const moment: NaiveMoment = { ...when, acceptedAt: command.acceptedAt, changes: [] };
    const isDry = 'dryRun' in command && command.dryRun;
    const scratch = isDry ? { ...world, rows: world.rows.map((row) => ({ ...row })) } : world;
    const outcome = decideIn(scratch, command, moment, maxima);
    if ('refused' in outcome) return { refused: outcome.refused.reason, facts: outcome.refused };
    promoteAll(scratch, moment);
    if (!isDry) return { ...outcome, changes: moment.changes };
    return { accepted: { kind: 'previewed', effects: moment.changes.map(effectOf), complete: true }, changes: [] };
  }

  return {
    get event() {
      return world.event;
    },
    get rows() {
      return world.rows;
    },
    apply,
  };
}

function decideIn(world: NaiveWorld, command: Command, moment: NaiveMoment, maxima: NaiveMaxima): NaiveOutcome {
  const { event } = world;
  if (command.type === 'ImportEvent') return importEvent(world, command, maxima);
  if (event?.importing === true && !isImport(command.type)) return refuse({ reason: 'event-importing' });
  if (command.type === 'CreateEvent') return create(world, command);
  if (event === undefined) return refuse({ reason: 'event-not-found' });
  switch (command.type) {
    case 'ChangeEventSettings':
      return changeEventSettings(world, event, command, moment, maxima);
    case 'AddRole':
      return addRole(world, event, command, maxima);
    case 'ChangeRole':
      return changeRole(world, event, command, moment);
    case 'DeleteRole':
      return deleteRole(world, event, command);
    case 'SignUp':
      return signUp(world, event, command, moment);
    case 'EraseUser':
      return eraseUser(world, command);
    case 'ImportRegistration':
      return importRegistration(world, event, command, moment);
    case 'FinishImport':
      return finishImport(world, event, command, moment);
    case 'ResumeImport':
      return resumeImport(world, event);
    case 'MoveBetweenRoles':
    case 'CancelSignup':
    case 'RemoveFromRole':
    case 'AcceptOffer':
    case 'DeclineOffer':
    case 'ExpireOffer':
    case 'UpdateRegistration':
    case 'CheckIn':
    case 'UndoCheckIn': {
      const { registrationId, actor } = command;
      const row = world.rows.find((candidate) => candidate.registrationId === registrationId);
      const hidden = row === undefined || (actor.kind === 'user' && actor.userId !== row.userId);
      if (hidden) return refuse({ reason: 'registration-not-found', registrationId });
      if (command.type !== 'MoveBetweenRoles') return onRegistration(world, event, row, command, moment);
      return move(world, event, row, command, moment);
    }
  }
}

function create(world: NaiveWorld, { settings, roles, ...command }: CreateEvent): NaiveOutcome {
  const pools = command.pools.map((pool) => ({ ...pool, roleIds: [...new Set(pool.roleIds)] }));
  if (world.event !== undefined) return refuse({ reason: 'event-exists' });
  const rule = brokenRule(settings, roles, pools);
  if (rule !== undefined) return refuse({ reason: 'settings-invalid', rule });
  world.event = { status: 'draft', settings, roles, pools };
  return accept({ kind: 'created' });
}

/** They are somebody else from then on, wherever they stand; nothing else changes. */
function eraseUser({ rows }: NaiveWorld, { userId, erasedAs }: EraseUser): NaiveOutcome {
  const own = userId.startsWith('erased-') ? [] : rows.filter((row) => row.userId === userId);
  if (own.length === 0) return accept({ kind: 'changed' });
  for (const row of own) row.userId = erasedAs;
  return accept({ kind: 'erased', registrationIds: own.map(({ registrationId }) => registrationId), left: false });
}

function effectOf({ change, cause: _cause, ...who }: NaiveChange): Effect {
  switch (change) {
    case 'promoted':
    case 'offered':
    case 'demoted':
    case 'cancelled':
      return { ...who, effect: change };
    case 'confirmed':
    case 'waitlisted':
    case 'moved':
    case 'updated':
    case 'checkedIn':
    case 'checkInUndone':
    case 'imported':
      throw new Error(`a dry run does not end in "${change}"`);
  }
}
