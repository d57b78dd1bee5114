import type {
  AddRoleBody,
  Availability,
  Changed,
  ChangeRoleBody,
  CreateEventBody,
  EventDocument,
  EventPage,
  PatchEventBody,
  Previewed,
  RoleAdded,
} from '@rollcall/contracts/http';
import { eventPath, queryOf, rolePath } from './paths.ts';
import type { Plain } from './plain.ts';
import type { MutationResult, ReadResult } from './results.ts';
import type { EventReadOptions, MutationOptions, PageOptions, Transport } from './transport.ts';

export interface ListEventsOptions extends PageOptions {
  readonly status?: EventDocument['status'];
  /** RFC 3339: events that start then or later. */
  readonly from?: string;
}

/** Events and their roles. Everything that changes them is for staff of the organizer. */
export interface EventOperations {
  /** Starts as a draft. Waits for the decision unless told otherwise. */
  createEvent(newEvent: Plain<CreateEventBody>, options?: MutationOptions): Promise<MutationResult<EventDocument>>;
  /**
   * A merge-patch: what is left out stays, and null removes; all of it happens, or nothing. Where it lowers a limit below
   * what is taken, `ifOver` says what becomes of those who are too many. With `dryRun` nothing changes, and the value has
   * the `effects` that it would have.
   */
  changeEvent(
    eventId: string,
    changes: Plain<PatchEventBody>,
    options?: MutationOptions,
  ): Promise<MutationResult<Changed | Previewed>>;
  /** From draft, or from closed again. */
  openEvent(eventId: string, options?: MutationOptions): Promise<MutationResult<Changed>>;
  /** No more signups; those who wait are still promoted. */
  closeEvent(eventId: string, options?: MutationOptions): Promise<MutationResult<Changed>>;
  /** For good, with all its registrations. */
  cancelEvent(eventId: string, options?: MutationOptions): Promise<MutationResult<Changed>>;
  /** The value has the `roleId`. */
  addRole(eventId: string, role: Plain<AddRoleBody>, options?: MutationOptions): Promise<MutationResult<RoleAdded>>;
  /** A merge-patch of its name, capacity (null: unlimited) and waitlist; `ifOver` and `dryRun` as for an event. */
  changeRole(
    eventId: string,
    roleId: string,
    changes: Plain<ChangeRoleBody>,
    options?: MutationOptions,
  ): Promise<MutationResult<Changed | Previewed>>;
  /** Refused (`role-in-use`) while anybody is registered for it. */
  deleteRole(eventId: string, roleId: string, options?: MutationOptions): Promise<MutationResult<Changed>>;
  /** With exact counts per role. */
  getEvent(eventId: string, options?: EventReadOptions): Promise<ReadResult<EventDocument>>;
  /** By the time they start. Drafts are listed to staff only. */
  listEvents(options?: ListEventsOptions): Promise<ReadResult<EventPage>>;
  /** How many seats are free, all of one version. */
  getAvailability(eventId: string, options?: EventReadOptions): Promise<ReadResult<Availability>>;
}

export function eventOperations({ mutate, read }: Transport): EventOperations {
  const changeStatus = (status: PatchEventBody['status']) => (eventId: string, options?: MutationOptions) =>
    mutate<Changed>({ method: 'PATCH', path: eventPath(eventId), body: { status }, options });

  return {
    createEvent: (newEvent, options) => mutate({ method: 'POST', path: '/v1/events', body: newEvent, options }),
    changeEvent: (eventId, changes, options) =>
      mutate({ method: 'PATCH', path: eventPath(eventId), body: changes, options }),
    openEvent: changeStatus('open'),
    closeEvent: changeStatus('closed'),
    cancelEvent: changeStatus('cancelled'),
    addRole: (eventId, role, options) =>
      mutate({ method: 'POST', path: `${eventPath(eventId)}/roles`, body: role, options }),
    changeRole: (eventId, roleId, changes, options) =>
      mutate({ method: 'PATCH', path: rolePath(eventId, roleId), body: changes, options }),
    deleteRole: (eventId, roleId, options) => mutate({ method: 'DELETE', path: rolePath(eventId, roleId), options }),
    getEvent: (eventId, { minVersion, ...options } = {}) => read(eventPath(eventId) + queryOf({ minVersion }), options),
    listEvents: ({ status, from, cursor, limit, ...options } = {}) =>
      read(`/v1/events${queryOf({ status, from, cursor, limit })}`, options),
    getAvailability: (eventId, { minVersion, ...options } = {}) =>
      read(`${eventPath(eventId)}/availability${queryOf({ minVersion })}`, options),
  };
}
