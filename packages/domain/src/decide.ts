import { checkIn, undoCheckIn, updateRegistration } from './attendance.ts';
import { changeEventSettings } from './changing-event.ts';
import { addRole, changeRole, deleteRole } from './changing-roles.ts';
import type { Command, CreateEvent, Instant } from './command.ts';
import { accept, reject, type Decision } from './decision.ts';
import { eraseUser } from './erasing.ts';
import { finishImport, importEvent, importRegistration, resumeImport } from './importing.ts';
import { cancelSignup, removeFromRole } from './leaving.ts';
import { moveBetweenRoles } from './moving.ts';
import { acceptOffer, declineOffer, expireOffer } from './offers.ts';
import { brokenRule, withoutRepeats } from './settings.ts';
import { signUp } from './sign-up.ts';
import type { EventState } from './state.ts';

/**
 * Decides one command against the state: what happens, or why it is refused (docs/rules.md). Pure; the same state, command
 * and time give the same decision. The state must hold the working set of the command (see WorkingSet), and no open
 * obligation.
 *
 * @param decidedAt from it the offers run that the decision makes; everything else is judged by `acceptedAt`
 * @throws NotLoadedError when the working set turns out to be too small.
 * @throws Error when the state contradicts itself: a fault of whoever loaded it, never of the command.
 */
export function decide(state: EventState, command: Command, decidedAt: Instant): Decision {
  if (command.type === 'ImportEvent') return importEvent(state, command);
  const { current } = state;
  if (current?.importing === true && !isImport(command)) return reject({ reason: 'event-importing' });
  if (command.type === 'CreateEvent') return createEvent(state, command);
  if (current === undefined) return reject({ reason: 'event-not-found' });
  switch (command.type) {
    case 'SignUp':
      return signUp(state, current, command);
    case 'CancelSignup':
      return cancelSignup(state, current, command, decidedAt);
    case 'RemoveFromRole':
      return removeFromRole(state, current, command, decidedAt);
    case 'MoveBetweenRoles':
      return moveBetweenRoles(state, current, command, decidedAt);
    case 'AcceptOffer':
      return acceptOffer(state, current, command, decidedAt);
    case 'DeclineOffer':
      return declineOffer(state, current, command, decidedAt);
    case 'ExpireOffer':
      return expireOffer(state, current, command, decidedAt);
    case 'UpdateRegistration':
      return updateRegistration(state, current, command);
    case 'CheckIn':
      return checkIn(state, command);
    case 'UndoCheckIn':
      return undoCheckIn(state, command);
    case 'EraseUser':
      return eraseUser(state, command);
    case 'ChangeEventSettings':
      return changeEventSettings(state, current, command, decidedAt);
    case 'AddRole':
      return addRole(current, command);
    case 'ChangeRole':
      return changeRole(state, current, command, decidedAt);
    case 'DeleteRole':
      return deleteRole(current, command);
    case 'ImportRegistration':
      return importRegistration(state, current, command);
    case 'FinishImport':
      return finishImport(state, current, command, decidedAt);
    case 'ResumeImport':
      return resumeImport(current);
  }
}

/** Everything else waits until Rollcall leads the event. */
function isImport({ type }: Command): boolean {
  return type === 'ImportEvent' || type === 'ImportRegistration' || type === 'FinishImport' || type === 'ResumeImport';
}

function createEvent(state: EventState, { settings, roles, ...command }: CreateEvent): Decision {
  if (state.current !== undefined) return reject({ reason: 'event-exists' });
  const pools = command.pools.map(withoutRepeats);
  const rule = brokenRule({ settings, roles, pools });
  if (rule !== undefined) return reject({ reason: 'settings-invalid', rule });
  return accept({ type: 'EventCreated', settings, roles, pools });
}
