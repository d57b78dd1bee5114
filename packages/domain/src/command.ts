import type { CommandId, EventId, OrganizerId, PoolId, RegistrationId, RoleId, UserId } from './ids.ts';
import type { LegacyAction } from './legacy-action.ts';

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** Who asks. The API decides from the token whether somebody acts as staff of the event's organizer. */
export interface UserActor {
  readonly kind: 'user';
  readonly userId: UserId;
}

export interface StaffActor {
  readonly kind: 'staff';
  readonly userId: UserId;
}

/** Rollcall itself, when time has passed. */
export interface SystemActor {
  readonly kind: 'system';
}

export type Actor = UserActor | StaffActor | SystemActor;

/** What the person is called, from the token or given by staff. Stored on the registration, never in the journal. */
export interface Profile {
  readonly displayName: string;
  readonly email?: string;
}

/**
 * `off`: a full role refuses. With the others it queues, and whoever is first in line gets the next free seat: with
 * `auto` at once, with `offer` once they have accepted it.
 */
export type WaitlistMode = 'off' | 'auto' | 'offer';

export interface Role {
  readonly roleId: RoleId;
  readonly name: string;
  /** Seats; a whole number from 0, or null for as many as are wanted. */
  readonly capacity: number | null;
  readonly waitlist: WaitlistMode;
  /** How many may wait; without it any number. */
  readonly waitlistMax?: number;
  /** How long an offered seat is held, in ms. */
  readonly offerMs: number;
}

/** Roles that share one limit, besides their own. */
export interface Pool {
  readonly poolId: PoolId;
  /** Seats of all its roles together. */
  readonly capacity: number;
  readonly roleIds: readonly RoleId[];
}

export interface EventSettings {
  readonly organizerId: OrganizerId;
  readonly title: string;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  /** An IANA name, for those who show the times. */
  readonly timeZone: string;
  readonly location?: string;
  readonly signupOpensAt?: Instant;
  readonly signupClosesAt?: Instant;
  /** From then on users keep the seats that they have; staff may still take them. */
  readonly cancelClosesAt?: Instant;
  /** Seats of all roles together; without it only roles and pools limit. */
  readonly capacity?: number;
  /** How many active registrations one user may hold at this event. */
  readonly registrationsPerUserMax: number;
  /** Whether users may move between roles by themselves. */
  readonly usersMayMove: boolean;
}

export type EventStatus = 'draft' | 'open' | 'closed' | 'cancelled';

/** What becomes of those who are too many when a limit is lowered: nothing and the change is refused, they stay, or the last go to the waitlist. */
export type IfOver = 'refuse' | 'keep' | 'demote';

/** Why staff took somebody's seat, in one word; what they have to say about it stands on the registration. */
export const removalCodes = [
  'requested',
  'no-show',
  'duplicate',
  'not-eligible',
  'conduct',
  'organizational',
  'other',
] as const;
export type RemovalCode = (typeof removalCodes)[number];

interface CommandBase {
  readonly commandId: CommandId;
  readonly eventId: EventId;
  readonly actor: Actor;
  /** When the mailbox took the command: windows are judged by it, not by when a worker came to it. */
  readonly acceptedAt: Instant;
}

interface SystemCommand extends CommandBase {
  readonly actor: SystemActor;
}

interface StaffCommand extends CommandBase {
  readonly actor: StaffActor;
}

interface PersonalCommand extends CommandBase {
  readonly actor: UserActor | StaffActor;
}

export interface CreateEvent extends StaffCommand {
  readonly type: 'CreateEvent';
  readonly settings: EventSettings;
  readonly roles: readonly Role[];
  readonly pools: readonly Pool[];
}

type Optional<T, Keys extends keyof T> = { readonly [Key in Keys]?: T[Key] | null };

/** A merge-patch (RFC 7396): what is left out stays, and null removes. */
export type SettingsPatch = Partial<
  Pick<EventSettings, 'title' | 'startsAt' | 'endsAt' | 'timeZone' | 'registrationsPerUserMax' | 'usersMayMove'>
> &
  Optional<EventSettings, 'location' | 'signupOpensAt' | 'signupClosesAt' | 'cancelClosesAt' | 'capacity'>;

export type PoolsPatch = Readonly<Record<string, Partial<Pick<Pool, 'capacity' | 'roleIds'>> | null>>;

interface LimitChange {
  readonly ifOver: IfOver;
  /** Answers what would happen, and changes nothing. */
  readonly dryRun: boolean;
}

export interface ChangeEventSettings extends StaffCommand, LimitChange {
  readonly type: 'ChangeEventSettings';
  readonly settings: SettingsPatch;
  readonly pools: PoolsPatch;
  readonly status?: 'open' | 'closed' | 'cancelled';
}

export interface AddRole extends StaffCommand {
  readonly type: 'AddRole';
  readonly role: Role;
}

export type RolePatch = Partial<Pick<Role, 'name' | 'waitlist' | 'offerMs' | 'capacity'>> &
  Optional<Role, 'waitlistMax'>;

export interface ChangeRole extends StaffCommand, LimitChange {
  readonly type: 'ChangeRole';
  readonly roleId: RoleId;
  readonly changes: RolePatch;
}

export interface DeleteRole extends StaffCommand {
  readonly type: 'DeleteRole';
  readonly roleId: RoleId;
}

/** By staff it assigns a user: at any time before the event is over, and with `override` also over capacity. */
export interface SignUp extends PersonalCommand {
  readonly type: 'SignUp';
  readonly userId: UserId;
  readonly roleId: RoleId;
  readonly override?: boolean;
  readonly notes?: string;
  readonly specialRequirements?: string;
  readonly profile?: Profile;
}

export interface CancelSignup extends PersonalCommand {
  readonly type: 'CancelSignup';
  readonly registrationId: RegistrationId;
  readonly reason?: string;
}

export interface RemoveFromRole extends StaffCommand {
  readonly type: 'RemoveFromRole';
  readonly registrationId: RegistrationId;
  readonly reasonCode: RemovalCode;
  readonly reason?: string;
}

export interface MoveBetweenRoles extends PersonalCommand {
  readonly type: 'MoveBetweenRoles';
  readonly registrationId: RegistrationId;
  /** Where to. */
  readonly roleId: RoleId;
  /** `waitlist`: keeps the old place and queues for the new one. */
  readonly ifFull: 'refuse' | 'waitlist';
}

export interface AcceptOffer extends PersonalCommand {
  readonly type: 'AcceptOffer';
  readonly registrationId: RegistrationId;
}

export interface DeclineOffer extends PersonalCommand {
  readonly type: 'DeclineOffer';
  readonly registrationId: RegistrationId;
}

export interface ExpireOffer extends SystemCommand {
  readonly type: 'ExpireOffer';
  readonly registrationId: RegistrationId;
  /** Of the offer that is meant. */
  readonly expiresAt: Instant;
}

/** What is left out stays, and null removes. */
export interface UpdateRegistration extends PersonalCommand {
  readonly type: 'UpdateRegistration';
  readonly registrationId: RegistrationId;
  readonly notes?: string | null;
  readonly specialRequirements?: string | null;
}

export interface CheckIn extends StaffCommand {
  readonly type: 'CheckIn';
  readonly registrationId: RegistrationId;
}

export interface UndoCheckIn extends StaffCommand {
  readonly type: 'UndoCheckIn';
  readonly registrationId: RegistrationId;
}

/**
 * Takes a user out of the event, in steps: see erasing.ts. By Rollcall itself when somebody at its machines asks for it;
 * by staff stands here for whoever has the right to erase, at whichever event.
 */
export interface EraseUser extends CommandBase {
  readonly type: 'EraseUser';
  readonly actor: StaffActor | SystemActor;
  readonly userId: UserId;
  /** Stands in their place from then on; of this command alone (see isErasedId). */
  readonly erasedAs: UserId;
}

/**
 * Makes an event as the system before has it, which leads it from then on; or, while that is so, says anew how it has it.
 * Imports are Rollcall's own, and nobody can send them.
 */
export interface ImportEvent extends SystemCommand {
  readonly type: 'ImportEvent';
  /** What the system before calls it. */
  readonly legacyId: string;
  readonly settings: EventSettings;
  readonly roles: readonly Role[];
  readonly pools: readonly Pool[];
}

/** All that the system before says of one registration: what is left out it does not say, and so is removed. */
export interface ImportRegistration extends SystemCommand {
  readonly type: 'ImportRegistration';
  /** Without it: a new one. */
  readonly registrationId?: RegistrationId;
  readonly legacyId?: string;
  readonly userId: UserId;
  readonly roleId: RoleId;
  readonly status: 'confirmed' | 'waitlist' | 'cancelled';
  readonly registrationDate: Instant;
  readonly registeredBy: UserId;
  /** Only while it is confirmed. */
  readonly attendedAt?: Instant;
  /** Only when it is cancelled; without it that was when the command was accepted. */
  readonly cancelledAt?: Instant;
  readonly notes?: string;
  readonly specialRequirements?: string;
  readonly profile?: Profile;
  /** Told of a new one alone, and no more of it than `legacyActionsMax`. */
  readonly history: readonly LegacyAction[];
  /** To the end of its line, also where its role stays: so an order is restored. */
  readonly requeue: boolean;
}

/** From then on Rollcall leads the event. */
export interface FinishImport extends SystemCommand {
  readonly type: 'FinishImport';
  readonly status: 'open' | 'closed' | 'cancelled';
}

/** Gives an event that was imported back to the system before. */
export interface ResumeImport extends SystemCommand {
  readonly type: 'ResumeImport';
}

export type ImportCommand = ImportEvent | ImportRegistration | FinishImport | ResumeImport;

export type Command =
  | CreateEvent
  | ChangeEventSettings
  | AddRole
  | ChangeRole
  | DeleteRole
  | SignUp
  | CancelSignup
  | RemoveFromRole
  | MoveBetweenRoles
  | AcceptOffer
  | DeclineOffer
  | ExpireOffer
  | UpdateRegistration
  | CheckIn
  | UndoCheckIn
  | EraseUser
  | ImportCommand;

type WithoutEnvelope<C> = C extends Command ? Omit<C, 'commandId' | 'eventId' | 'acceptedAt'> : never;
/** A command before the mailbox took it: its id, event and time of acceptance travel beside it. */
export type CommandBody = WithoutEnvelope<Command>;
export type ImportBody = WithoutEnvelope<ImportCommand>;

/** The person who asks; undefined for Rollcall itself. */
export function senderOf(actor: Actor): UserId | undefined {
  return actor.kind === 'system' ? undefined : actor.userId;
}
