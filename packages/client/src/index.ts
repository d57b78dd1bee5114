export { createClient, type RollcallClient } from './client.ts';
export type { EventOperations, ListEventsOptions } from './events.ts';
export type { HistoryOptions, JournalOperations, JournalOptions } from './journal.ts';
export type { FollowOptions } from './follow.ts';
export {
  dashedRoleId,
  toLegacyEvent,
  unlimitedSlots,
  withCounts,
  type LegacyEvent,
  type LegacyEventOptions,
  type LegacyEventRole,
  type LegacyEventStatus,
  type LegacyName,
  type LegacySignup,
} from './legacy-event.ts';
export type { LiveOperations } from './live.ts';
export type {
  CancelOptions,
  NewSignUp,
  ParticipantsCsvOptions,
  ParticipantsOptions,
  RegistrationOperations,
  RemoveOptions,
} from './registrations.ts';
export {
  valueOf,
  type Decided,
  type Found,
  type MutationResult,
  type ReadResult,
  type Refused,
  type Waiting,
} from './results.ts';
export type { EraseOptions, UserOperations } from './users.ts';
export type { ClientOptions, EventReadOptions, MutationOptions, PageOptions, ReadOptions } from './transport.ts';
