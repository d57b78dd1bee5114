import type {
  EventSettings,
  EventStatus,
  FinishImport,
  ImportRegistration,
  RegistrationId,
  Role,
  RoleId,
} from '@rollcall/domain';
import type { LegacyId } from './legacy.ts';

/** What Rollcall is to have of an event of the old system: its disagreements are settled by the rules. */
export interface WantedEvent {
  readonly legacyId: LegacyId;
  readonly settings: EventSettings;
  readonly roles: readonly Role[];
  /** The old system's names of the roles, for what is written back. */
  readonly legacyRoleIds: ReadonlyMap<RoleId, string>;
  /** What it becomes once Rollcall leads it. */
  readonly status: FinishImport['status'];
  /** In the order in which they came: those who wait stand in line like this. At most one active one per user and role. */
  readonly registrations: readonly WantedRegistration[];
}

/** What both sides say of a registration, as a command states it. */
type Told = Pick<
  ImportRegistration,
  | 'userId'
  | 'roleId'
  | 'status'
  | 'registrationDate'
  | 'registeredBy'
  | 'attendedAt'
  | 'cancelledAt'
  | 'notes'
  | 'specialRequirements'
  | 'profile'
>;

export interface WantedRegistration extends Told, Pick<ImportRegistration, 'history'> {
  /** Of the document; undefined for one that only an event's list of signups tells of. */
  readonly legacyId: LegacyId | undefined;
  /** What its id in Rollcall follows from when it is new there: the same however often it is read. */
  readonly key: string;
}

/** A registration that Rollcall has of an imported event. */
export interface HeldRegistration extends Told {
  readonly registrationId: RegistrationId;
  readonly legacyId: LegacyId | undefined;
  readonly sequence: number;
}

/** Where an imported event stands in Rollcall. */
export interface HeldHead {
  readonly version: number;
  /** Whether the old system still leads it. */
  readonly importing: boolean;
  readonly status: EventStatus;
}

/** What Rollcall has of an imported event, read at one moment. */
export interface HeldEvent extends HeldHead {
  readonly settings: EventSettings;
  readonly roles: readonly Role[];
  readonly registrations: readonly HeldRegistration[];
}
