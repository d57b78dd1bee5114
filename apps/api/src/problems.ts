import { problemTypePrefix, type Problem, type ProblemCode } from '@rollcall/contracts/http';
import type { Rejection } from '@rollcall/domain';

/** A refusal on its way to the client: a value, not an exception. */
export interface Refusal {
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail?: string;
  /** Extension members of the problem document. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

const retrySoon = [['retry-after', '1']] as const;

export const unauthorized: Refusal = {
  status: 401,
  code: 'unauthorized',
  detail: 'A valid bearer token is needed.',
  headers: [['www-authenticate', 'Bearer realm="rollcall"']],
};
export const invalidToken: Refusal = {
  ...unauthorized,
  detail: 'The bearer token is not valid: expired, not signed by a known key, or not meant for this service.',
  headers: [['www-authenticate', 'Bearer realm="rollcall", error="invalid_token"']],
};
export const forbidden = (detail: string): Refusal => ({ status: 403, code: 'forbidden', detail });
export const notFound: Refusal = { status: 404, code: 'not-found', detail: 'There is nothing at this address.' };
export const eventNotFound: Refusal = refusalOf({ reason: 'event-not-found' });
export const registrationNotFound: Refusal = {
  status: 404,
  code: 'registration-not-found',
  detail: 'There is no such registration at this event, or it is not yours to see.',
};
export const unknownCommand: Refusal = {
  status: 404,
  code: 'unknown-command',
  detail: 'Nobody knows this command: it was never taken, or it is not yours to see.',
};
export const keyReused: Refusal = {
  status: 422,
  code: 'idempotency-key-reused',
  detail: 'This Idempotency-Key came with another body before.',
};
export const busy: Refusal = {
  status: 503,
  code: 'busy',
  detail: 'The command was not taken. Repeat it in a moment.',
  headers: retrySoon,
};
export const unavailable: Refusal = {
  status: 503,
  code: 'unavailable',
  detail: 'What is needed to answer can not be reached right now.',
  headers: retrySoon,
};
export const outcomeUnknown = (commandId: string): Refusal => ({
  status: 503,
  code: 'outcome-unknown',
  detail: 'The command may or may not have been taken. Repeat it with the same Idempotency-Key.',
  facts: { commandId },
  headers: retrySoon,
});

/** What a refusal of the domain is over HTTP: 404 for what is not there, 409 for what the state does not allow. */
export function refusalOf(rejection: Rejection): Refusal {
  const { reason } = rejection;
  return { status: statusOf(rejection), code: reason, detail: detailOf(rejection), facts: factsOf(rejection) };
}

function statusOf({ reason }: Rejection): number {
  switch (reason) {
    case 'event-not-found':
    case 'role-not-found':
    case 'registration-not-found':
      return 404;
    case 'event-exists':
    case 'event-not-open':
    case 'event-over':
    case 'status-change-refused':
    case 'signups-not-open-yet':
    case 'signups-closed':
    case 'role-full':
    case 'already-registered':
    case 'limit-reached':
    case 'already-cancelled':
    case 'unprocessable':
      return 409;
  }
}

function detailOf(rejection: Rejection): string {
  switch (rejection.reason) {
    case 'event-not-found':
      return 'There is no such event.';
    case 'event-exists':
      return 'This event exists already.';
    case 'event-not-open':
      return `The event is ${rejection.status}, so it takes no signups.`;
    case 'event-over':
      return 'The event is over.';
    case 'status-change-refused':
      return `An event that is ${rejection.from} can not become ${rejection.to}.`;
    case 'signups-not-open-yet':
      return 'Signups have not opened yet.';
    case 'signups-closed':
      return 'Signups have closed.';
    case 'role-not-found':
      return 'The event has no such role.';
    case 'role-full':
      return 'Every seat of this role is taken, and it has no waitlist.';
    case 'already-registered':
      return rejection.status === 'confirmed'
        ? 'The user has a seat in this role.'
        : 'The user is on the waitlist of this role.';
    case 'limit-reached':
      return 'The user holds as many registrations as this event allows.';
    case 'registration-not-found':
      return 'There is no such registration at this event, or it is not yours to see.';
    case 'already-cancelled':
      return 'The registration was cancelled before.';
    case 'unprocessable':
      return 'The command could not be processed.';
  }
}

/** Times as the wire has them. A problem's `status` is that of HTTP, so a fact of that name gets another. */
function factsOf(rejection: Rejection): Readonly<Record<string, unknown>> {
  const { reason, ...facts } = rejection;
  switch (reason) {
    case 'event-over':
    case 'signups-not-open-yet':
    case 'signups-closed':
      return Object.fromEntries(
        Object.entries(facts).map(([name, time]) => [name, new Date(Number(time)).toISOString()]),
      );
    case 'event-not-open':
      return { eventStatus: rejection.status };
    case 'already-registered': {
      const { reason: _, status: registrationStatus, ...others } = rejection;
      return { ...others, registrationStatus };
    }
    case 'event-not-found':
    case 'event-exists':
    case 'status-change-refused':
    case 'role-not-found':
    case 'role-full':
    case 'limit-reached':
    case 'registration-not-found':
    case 'already-cancelled':
    case 'unprocessable':
      return facts;
  }
}

/** `already-registered` → `Already registered`. */
function titleOf(code: ProblemCode): string {
  return code.charAt(0).toUpperCase() + code.slice(1).replaceAll('-', ' ');
}

/** `instance`: the id of the request, where there is one. */
export function problemOf({ status, code, detail, facts }: Refusal, instance?: string): Problem {
  return {
    type: problemTypePrefix + code,
    title: titleOf(code),
    status,
    ...(detail === undefined ? {} : { detail }),
    ...(instance === undefined ? {} : { instance }),
    ...facts,
  };
}
