import type {
  Availability,
  Cancelled,
  Changed,
  CommandStatus,
  CreateEventBody,
  EventDocument,
  EventPage,
  Registered,
  RegistrationDocument,
  RegistrationPage,
} from '@rollcall/contracts/http';
import type { MutationResult, ReadResult } from './results.ts';
import { createTransport, type ClientOptions, type MutationOptions, type ReadOptions } from './transport.ts';

/** Ids are plain texts to a client: it hands back what it was given, and the server checks it. */
type Plain<Body> = { readonly [Field in keyof Body]: Body[Field] extends string ? string : Body[Field] };

export interface NewSignUp {
  readonly roleId: string;
  readonly notes?: string;
  readonly specialRequirements?: string;
  /** Staff only: whom to sign up. */
  readonly userId?: string;
  readonly profile?: { readonly displayName: string; readonly email?: string };
}

export interface PageOptions extends ReadOptions {
  readonly cursor?: string;
  readonly limit?: number;
}

export interface ListEventsOptions extends PageOptions {
  readonly status?: EventDocument['status'];
  /** RFC 3339. */
  readonly from?: string;
}

export interface RollcallClient {
  signUpForEvent(eventId: string, signUp: NewSignUp, options?: MutationOptions): Promise<MutationResult<Registered>>;
  /** Their own registration. */
  cancelSignup(
    eventId: string,
    registrationId: string,
    options?: MutationOptions & { readonly reason?: string },
  ): Promise<MutationResult<Cancelled>>;
  /** Staff: somebody else's registration. */
  removeUserFromRole(
    eventId: string,
    registrationId: string,
    options?: MutationOptions,
  ): Promise<MutationResult<Cancelled>>;
  /** Waits for the decision unless told otherwise. */
  createEvent(newEvent: Plain<CreateEventBody>, options?: MutationOptions): Promise<MutationResult<EventDocument>>;
  openEvent(eventId: string, options?: MutationOptions): Promise<MutationResult<Changed>>;
  closeEvent(eventId: string, options?: MutationOptions): Promise<MutationResult<Changed>>;
  getEvent(eventId: string, options?: ReadOptions): Promise<ReadResult<EventDocument>>;
  listEvents(options?: ListEventsOptions): Promise<ReadResult<EventPage>>;
  getAvailability(eventId: string, options?: ReadOptions): Promise<ReadResult<Availability>>;
  getRegistration(
    eventId: string,
    registrationId: string,
    options?: ReadOptions,
  ): Promise<ReadResult<RegistrationDocument>>;
  myRegistrations(options?: PageOptions): Promise<ReadResult<RegistrationPage>>;
  /** With `waitSeconds` it waits while the command is pending. */
  getCommand(eventId: string, commandId: string, options?: ReadOptions): Promise<ReadResult<CommandStatus>>;
}

const pathOf = (eventId: string) => `/v1/events/${encodeURIComponent(eventId)}`;

const registrationOf = (eventId: string, registrationId: string) =>
  `${pathOf(eventId)}/registrations/${encodeURIComponent(registrationId)}`;

/** A client of Rollcall's HTTP API. Refusals are values; it throws only when there is no answer at all. */
export function createClient(clientOptions: ClientOptions): RollcallClient {
  const transport = createTransport(clientOptions);
  const changeStatus = (eventId: string, status: 'open' | 'closed', options?: MutationOptions) =>
    transport.mutate<Changed>({ method: 'PATCH', path: pathOf(eventId), body: { status }, options });

  return {
    signUpForEvent: (eventId, signUp, options) =>
      transport.mutate({ method: 'POST', path: `${pathOf(eventId)}/registrations`, body: signUp, options }),
    cancelSignup: (eventId, registrationId, options = {}) => {
      const body = options.reason === undefined ? {} : { reason: options.reason };
      return transport.mutate({
        method: 'POST',
        path: `${registrationOf(eventId, registrationId)}/cancel`,
        body,
        options,
      });
    },
    removeUserFromRole: (eventId, registrationId, options) =>
      transport.mutate({ method: 'DELETE', path: registrationOf(eventId, registrationId), options }),
    createEvent: (newEvent, options) =>
      transport.mutate({ method: 'POST', path: '/v1/events', body: newEvent, options }),
    openEvent: (eventId, options) => changeStatus(eventId, 'open', options),
    closeEvent: (eventId, options) => changeStatus(eventId, 'closed', options),
    getEvent: (eventId, options) => transport.read(pathOf(eventId), options),
    listEvents: ({ status, from, cursor, limit, ...options } = {}) =>
      transport.read(`/v1/events${queryOf({ status, from, cursor, limit })}`, options),
    getAvailability: (eventId, options) => transport.read(`${pathOf(eventId)}/availability`, options),
    getRegistration: (eventId, registrationId, options) =>
      transport.read(registrationOf(eventId, registrationId), options),
    myRegistrations: ({ cursor, limit, ...options } = {}) =>
      transport.read(`/v1/me/registrations${queryOf({ cursor, limit })}`, options),
    getCommand: (eventId, commandId, options) =>
      transport.read(`${pathOf(eventId)}/commands/${encodeURIComponent(commandId)}`, options),
  };
}

function queryOf(parts: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parts)) if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? '' : `?${query.toString()}`;
}
