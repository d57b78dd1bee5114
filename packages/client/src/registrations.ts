import type {
  CancelBody,
  Cancelled,
  Changed,
  MoveBody,
  Registered,
  RegistrationDocument,
  RegistrationPage,
  Seated,
  SignUpBody,
  UpdateRegistrationBody,
} from '@rollcall/contracts/http';
import { eventPath, queryOf, registrationPath } from './paths.ts';
import type { Plain } from './plain.ts';
import type { MutationResult, ReadResult } from './results.ts';
import type { MutationOptions, PageOptions, ReadOptions, Transport } from './transport.ts';

/** `userId`, `profile` and `override` are for staff. */
export type NewSignUp = Plain<SignUpBody>;

export interface CancelOptions extends MutationOptions {
  readonly reason?: string;
}

export interface RemoveOptions extends CancelOptions {
  /** For the journal; `other` unless given. */
  readonly reasonCode?: NonNullable<NonNullable<CancelBody>['reasonCode']>;
}

interface ParticipantsFilter {
  readonly roleId?: string;
  /** Without it: all, the cancelled ones too. */
  readonly status?: RegistrationDocument['status'];
}

export interface ParticipantsOptions extends ParticipantsFilter, PageOptions {}

export interface ParticipantsCsvOptions extends ParticipantsFilter, ReadOptions {
  /** Begin with a byte order mark, by which Excel knows UTF-8. */
  readonly bom?: boolean;
}

/** What people do for themselves, and staff of the organizer for anybody. */
export interface RegistrationOperations {
  /**
   * A seat, or the end of the role's waitlist: the value says which, and why. Staff assign somebody else by `userId` and
   * `profile`, and with `override` also where no seat is free, which is recorded.
   */
  signUpForEvent(eventId: string, signUp: NewSignUp, options?: MutationOptions): Promise<MutationResult<Registered>>;
  /** Their own registration; the seat is passed on in the same decision. */
  cancelSignup(eventId: string, registrationId: string, options?: CancelOptions): Promise<MutationResult<Cancelled>>;
  /** Staff: anybody's registration, with a reason code for the journal, and a text that stands on the registration. */
  removeUserFromRole(
    eventId: string,
    registrationId: string,
    options?: RemoveOptions,
  ): Promise<MutationResult<Cancelled>>;
  /**
   * To another role of the same event; the old seat is kept unless the new one is free. With `ifFull: 'waitlist'` the
   * value may be a second registration that waits for the move.
   */
  moveUserBetweenRoles(
    eventId: string,
    registrationId: string,
    move: Plain<MoveBody>,
    options?: MutationOptions,
  ): Promise<MutationResult<Seated | Registered>>;
  /** Takes the seat that is held. */
  acceptOffer(eventId: string, registrationId: string, options?: MutationOptions): Promise<MutationResult<Seated>>;
  /** Cancels the registration, and passes the seat on. */
  declineOffer(eventId: string, registrationId: string, options?: MutationOptions): Promise<MutationResult<Cancelled>>;
  /** Notes and special requirements: what is left out stays, and null removes. */
  updateRegistration(
    eventId: string,
    registrationId: string,
    changes: Plain<UpdateRegistrationBody>,
    options?: MutationOptions,
  ): Promise<MutationResult<Changed>>;
  /** Staff: the person is there. */
  checkIn(eventId: string, registrationId: string, options?: MutationOptions): Promise<MutationResult<Changed>>;
  /** Staff: the person was not there after all. */
  undoCheckIn(eventId: string, registrationId: string, options?: MutationOptions): Promise<MutationResult<Changed>>;
  /** With its exact place while it stands in line. */
  getRegistration(
    eventId: string,
    registrationId: string,
    options?: ReadOptions,
  ): Promise<ReadResult<RegistrationDocument>>;
  /** Their own, newest first. */
  myRegistrations(options?: PageOptions): Promise<ReadResult<RegistrationPage>>;
  /** Staff: by role, status and place. */
  listParticipants(eventId: string, options?: ParticipantsOptions): Promise<ReadResult<RegistrationPage>>;
  /** Staff: all of them as CSV, as it comes; reading fails when it is cut short. Cancel the stream to have no more of it. */
  participantsCsv(
    eventId: string,
    options?: ParticipantsCsvOptions,
  ): Promise<ReadResult<ReadableStream<Uint8Array<ArrayBuffer>>>>;
}

export function registrationOperations({ mutate, read, stream }: Transport): RegistrationOperations {
  const act =
    <Value>(action: string) =>
    (eventId: string, registrationId: string, options?: MutationOptions, body?: object) =>
      mutate<Value>({ method: 'POST', path: `${registrationPath(eventId, registrationId)}/${action}`, body, options });
  const cancel = act<Cancelled>('cancel');
  const move = act<Seated | Registered>('move');

  return {
    signUpForEvent: (eventId, signUp, options) =>
      mutate({ method: 'POST', path: `${eventPath(eventId)}/registrations`, body: signUp, options }),
    cancelSignup: (eventId, registrationId, { reason, ...options } = {}) =>
      cancel(eventId, registrationId, options, { reason }),
    removeUserFromRole: (eventId, registrationId, { reason, reasonCode = 'other', ...options } = {}) =>
      cancel(eventId, registrationId, options, { reason, reasonCode }),
    moveUserBetweenRoles: (eventId, registrationId, where, options) => move(eventId, registrationId, options, where),
    acceptOffer: act('accept'),
    declineOffer: act('decline'),
    updateRegistration: (eventId, registrationId, changes, options) =>
      mutate({ method: 'PATCH', path: registrationPath(eventId, registrationId), body: changes, options }),
    checkIn: act('check-in'),
    undoCheckIn: act('undo-check-in'),
    getRegistration: (eventId, registrationId, options) => read(registrationPath(eventId, registrationId), options),
    myRegistrations: ({ cursor, limit, ...options } = {}) =>
      read(`/v1/me/registrations${queryOf({ cursor, limit })}`, options),
    listParticipants: (eventId, { roleId, status, cursor, limit, ...options } = {}) =>
      read(`${eventPath(eventId)}/registrations${queryOf({ roleId, status, cursor, limit })}`, options),
    participantsCsv: (eventId, { roleId, status, bom, ...options } = {}) =>
      stream(`${eventPath(eventId)}/registrations.csv${queryOf({ roleId, status, bom })}`, 'text/csv', options),
  };
}
