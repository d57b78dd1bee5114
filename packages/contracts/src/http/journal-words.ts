import type { DomainEvent, JournalEntry } from '@rollcall/domain';

/** What was asked for. */
export const commandTypeMeanings: Readonly<Record<JournalEntry['commandType'], string>> = {
  CreateEvent: 'make an event, as a draft',
  ChangeEventSettings: 'change its settings, pools or status',
  AddRole: 'add a role',
  ChangeRole: 'change a name, a capacity or a waitlist',
  DeleteRole: 'delete a role',
  SignUp: 'sign up, or be signed up by staff',
  CancelSignup: 'give a registration up',
  RemoveFromRole: 'take a registration, by staff',
  MoveBetweenRoles: 'move to another role',
  AcceptOffer: 'take the seat that is held',
  DeclineOffer: 'do without it',
  ExpireOffer: 'pass on a seat that was held for long enough, by Rollcall itself',
  UpdateRegistration: 'change notes or special requirements',
  CheckIn: 'note that somebody is there',
  UndoCheckIn: 'take that back',
  EraseUser: 'take a user out of the event, step by step',
  ImportEvent: 'have an event as the system before has it, by Rollcall itself, as all imports are',
  ImportRegistration: 'have a registration as the system before has it',
  FinishImport: 'lead an event that was imported',
  ResumeImport: 'give it back to the system before',
  ObligationStep: 'go on with what an earlier decision left to do: `causationId` is its command',
  unknown: 'nobody can tell: the command could not be read',
};

/** What happened. */
export const domainEventMeanings: Readonly<Record<DomainEvent['type'], string>> = {
  EventCreated: 'the event was made, with `settings`, `roles` and `pools`',
  EventSettingsChanged:
    'settings changed, from `before` to `after`: only those that did, and one that was removed stands in `before` alone',
  PoolsChanged: 'pools changed, from `before` to `after`',
  EventOpened: 'signups are taken',
  EventClosed: 'no more signups are taken',
  EventCancelled: 'the event was cancelled, for good',
  RoleAdded: '`role` was added',
  RoleRenamed: 'the name of a role changed, from `before` to `after`',
  RoleCapacityChanged: 'the capacity of a role changed, from `before` to `after`; null: unlimited',
  RoleWaitlistChanged: 'the waitlist of a role changed, from `before` to `after`',
  RoleDeleted: '`role` was deleted',
  RegistrationConfirmed: 'a new registration got a seat; with `override` one that was not free',
  RegistrationWaitlisted:
    'a new registration waits, at `waitlistPosition` then, `because` there was no seat; it may wait to take the place of another, `replaces`',
  RegistrationOffered: 'a seat is held for the first in line until `expiresAt`',
  RegistrationPromoted: 'it got a seat; it waited or had an offer before (`previousStanding`)',
  RegistrationMoved:
    'it got a seat in another role: `roleId` and `sequence` are the new ones, `previousRoleId`, `previousSequence` and `previousStanding` the old ones',
  RegistrationDemoted: 'it went back to the waitlist, because a limit was lowered; `sequence` is kept',
  RegistrationCancelled: 'it ended: `cause` and, if staff took it, `reasonCode` say why',
  RegistrationUpdated: 'texts changed, those that `fields` names; what they say is not in the journal',
  RegistrationCheckedIn: 'the person is there, since `attendedAt`',
  RegistrationCheckInUndone: 'the person was not there after all; `attendedAt` was taken back',
  EventImported:
    'the event is as the system before says, with `settings`, `roles` and `pools`; there it is `legacyId`, and it leads the event',
  RegistrationImported:
    'a registration is as the system before says, in `status`, since `registeredAt`; it may have been `registeredBy` somebody else; `previous` is where it stood, and a new one may have a `history`; `legacyId` is what it is there; with `overLimit` it took a seat that was not free',
  ImportFinished: 'Rollcall leads the event, which is in `status`',
  ImportResumed: 'the system before leads the event again',
  UserErased:
    '`erasedAs` stands where the id of a user stood: on these registrations, and in the decisions that name them; there is more to do when something is `left`',
  ObligationIncurred: 'a decision left something to do, because it would have changed too many registrations at once',
  ObligationDischarged: 'that has been done',
  ChangePreviewed: 'nothing: a dry run has these `effects`, more than are listed unless `complete`',
};
