import { problemTypePrefix, type Problem, type ProblemCode } from '@rollcall/contracts/http';
import { mapTimes, reasons, type Reason, type Rejection } from '@rollcall/domain';
import { timestamp } from '../timestamp.ts';

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
/** Without facts: where the id itself is at fault, or names what is not theirs to see. */
export const roleNotFound: Refusal = unknownId('role-not-found');
export const registrationNotFound: Refusal = unknownId('registration-not-found');
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
export const tooManyRequests: Refusal = {
  status: 429,
  code: 'too-many-requests',
  detail: 'Too many requests from this address.',
};
export const tooManyExports: Refusal = {
  status: 429,
  code: 'too-many-requests',
  detail: 'As many exports are under way as may be at a time, of yours or of all. Repeat it in a moment.',
  headers: [['retry-after', '5']],
};
export const historyTooLong = (decisions: number, decisionsMax: number): Refusal => ({
  status: 422,
  code: 'history-too-long',
  detail:
    'The event has had more decisions than are folded for an answer. `rollcall history` reads them past the API, ' +
    'however many there are.',
  facts: { decisions, decisionsMax },
});
export const otherErasure: Refusal = {
  ...busy,
  detail: 'Another user is being erased. Repeat it in a moment.',
  headers: [['retry-after', '5']],
};
export const tooManyStreams = (retryAfterSeconds: number): Refusal => ({
  status: 503,
  code: 'too-many-streams',
  detail: 'As many clients listen as may at a time, of yours, of your address or of all.',
  headers: [['retry-after', String(retryAfterSeconds)]],
});
export const outcomeUnknown = (commandId: string): Refusal => ({
  status: 503,
  code: 'outcome-unknown',
  detail: 'The command may or may not have been taken. Repeat it with the same Idempotency-Key.',
  facts: { commandId },
  headers: retrySoon,
});

function unknownId(reason: Reason): Refusal {
  return { status: statusOf(reason), code: reason, detail: reasons[reason].means };
}

/** What a refusal of the domain is over HTTP: 404 for what is not there, 409 for what the state does not allow. */
export function refusalOf(rejection: Rejection): Refusal {
  const { reason } = rejection;
  return { status: statusOf(reason), code: reason, detail: reasons[reason].means, facts: factsOf(rejection) };
}

export function statusOf(reason: Reason): 404 | 409 {
  switch (reason) {
    case 'event-not-found':
    case 'role-not-found':
    case 'registration-not-found':
      return 404;
    case 'event-exists':
    case 'event-not-open':
    case 'event-cancelled':
    case 'event-over':
    case 'status-change-refused':
    case 'signups-not-open-yet':
    case 'signups-closed':
    case 'cancels-closed':
    case 'settings-invalid':
    case 'role-name-taken':
    case 'too-many-roles':
    case 'too-many-pools':
    case 'role-in-use':
    case 'capacity-below-taken':
    case 'waitlist-off':
    case 'role-full':
    case 'pool-full':
    case 'event-full':
    case 'others-waiting':
    case 'waitlist-full':
    case 'already-registered':
    case 'limit-reached':
    case 'already-cancelled':
    case 'moves-by-staff-only':
    case 'same-role':
    case 'move-pending':
    case 'no-offer':
    case 'offer-expired':
    case 'offer-still-open':
    case 'not-confirmed':
    case 'already-checked-in':
    case 'not-checked-in':
    case 'event-importing':
    case 'not-importing':
    case 'unprocessable':
      return 409;
  }
}

function factsOf({ reason, ...facts }: Rejection): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(mapTimes(facts, timestamp)).map(([name, fact]: [string, unknown]) => [factName(reason, name), fact]),
  );
}

/** What a fact is called in a problem document: its `status` is that of HTTP, so a fact of that name gets another. */
export function factName(reason: Reason, name: string): string {
  if (name !== 'status') return name;
  return reason === 'event-not-open' ? 'eventStatus' : 'registrationStatus';
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
