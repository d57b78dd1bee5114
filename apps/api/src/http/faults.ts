import { InvalidCursorError } from '@rollcall/engine';
import type { FastifyError } from 'fastify';
import { KeysUnavailableError } from './auth.ts';
import {
  eventNotFound,
  registrationNotFound,
  roleNotFound,
  unavailable,
  unknownCommand,
  notFound,
  type Refusal,
} from './problems.ts';
import { DeadlineError } from '../within.ts';

/** What an exception is to the client. `isStoreAway` knows the errors of a store that can't be reached. */
export function refusalOfFault(error: FastifyError, isStoreAway: (error: unknown) => boolean): Refusal {
  if (error.validation !== undefined) return refusalOfValidation(error);
  if (error instanceof InvalidCursorError)
    return invalid([{ in: 'querystring', pointer: '/cursor', detail: 'is not a cursor of this list' }]);
  if (error instanceof DeadlineError || error instanceof KeysUnavailableError || isStoreAway(error)) return unavailable;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return { status: 413, code: 'body-too-large', detail: 'The body is larger than is allowed here.' };
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return { status: 415, code: 'unsupported-media-type', detail: 'Send application/json.' };
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return malformedJson;
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return notFound;
    default:
      return refusalByStatus(error);
  }
}

function refusalByStatus(error: FastifyError): Refusal {
  // Without a code: what the JSON parser says of `__proto__` and the like.
  if (error.statusCode === 400) return malformedJson;
  if (error.statusCode === 404) return notFound;
  return {
    status: 500,
    code: 'internal',
    detail: 'Something went wrong here. The logs know this request by its instance.',
  };
}

const malformedJson: Refusal = { status: 400, code: 'malformed-json', detail: 'The body is not well-formed JSON.' };

export interface Mistake {
  readonly in: string;
  readonly pointer: string;
  readonly detail: string;
}

export function invalid(mistakes: readonly Mistake[]): Refusal {
  return {
    status: 400,
    code: 'validation',
    detail: 'The request is not as it should be; see errors.',
    facts: { errors: mistakes },
  };
}

/** An id that can't be one names nothing: 404, as for one that nobody gave out. */
const unknownByParam: Readonly<Record<string, Refusal>> = {
  '/eventId': eventNotFound,
  '/registrationId': registrationNotFound,
  '/roleId': roleNotFound,
  '/commandId': unknownCommand,
};

function refusalOfValidation({ validation = [], validationContext }: FastifyError): Refusal {
  if (validationContext === 'params') return unknownByParam[validation[0]?.instancePath ?? ''] ?? notFound;
  return invalid(
    validation.map(({ instancePath, message }) => ({
      in: validationContext ?? 'request',
      pointer: instancePath,
      detail: message ?? 'is not valid',
    })),
  );
}
