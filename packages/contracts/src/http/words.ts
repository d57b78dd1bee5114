import { removalCodes, type CancelCause, type RemovalCode, type SettingsRule } from '@rollcall/domain';
import { wordOf } from './parts.ts';

/** Why a registration ended. */
export const cancelCauseMeanings: Readonly<Record<CancelCause, string>> = {
  user: 'the user gave it up',
  staff: 'staff took it, for the reason that `cancelReasonCode` names',
  declined: 'the offer of a seat was declined',
  expired: 'the offer of a seat ran out',
  moved: 'it was given up for the seat that was waited for in another role',
  'event-cancelled': 'the event was cancelled',
  imported: 'it had ended in the system before',
};

/** Why staff took a seat. */
export const removalCodeMeanings: Readonly<Record<RemovalCode, string>> = {
  requested: 'the user asked for it',
  'no-show': 'the user did not come',
  duplicate: 'the same person was registered more than once',
  'not-eligible': 'the user may not take part',
  conduct: 'for what the user did',
  organizational: 'for a reason that lies with the organizer',
  other: 'none of these, or nobody said',
};

/** What an event's settings, roles and pools have to keep together. */
export const settingsRuleMeanings: Readonly<Record<SettingsRule, string>> = {
  'starts-before-it-ends': '`startsAt` is before `endsAt`',
  'signups-open-before-they-close': '`signupOpensAt` is before `signupClosesAt`, where both are given',
  'role-names-differ': 'no two roles have one name',
  'role-ids-differ': 'no two roles have one id',
  'pool-ids-differ': 'no two pools have one id',
  'pool-has-capacity-and-roles': 'a new pool has a capacity and roles',
  'pool-roles-exist': 'the roles of a pool are roles of the event',
};

export const cancelCauseSchema = wordOf(Object.keys(cancelCauseMeanings) as CancelCause[], 'Why it ended');

export const removalCodeSchema = wordOf(removalCodes, 'Staff only: why the seat is taken; other unless given');

export const ifOverSchema = wordOf(
  ['refuse', 'keep', 'demote'],
  'When more is taken than a lowered limit allows: refuse (unless given), keep it over-full, ' +
    'or demote the last ones to the waitlist',
);
