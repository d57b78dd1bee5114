import type { Availability, RegistrationDocument } from '@rollcall/contracts/http';
import { follow, type FollowOptions } from './follow.ts';
import { eventPath, registrationPath } from './paths.ts';
import type { ReadResult } from './results.ts';
import type { Transport } from './transport.ts';

/**
 * What is so now, and again each time it has changed, until `signal` says so. Connections that are lost are made again. A
 * refusal that waiting does not help (401, 403, 404) is the last that comes.
 */
export interface LiveOperations {
  /** How many seats are free, all of one version. */
  followCounts(eventId: string, options?: FollowOptions): AsyncIterable<ReadResult<Availability>>;
  /** Their place in line, an offer, the seat, a cancel. */
  followRegistration(
    eventId: string,
    registrationId: string,
    options?: FollowOptions,
  ): AsyncIterable<ReadResult<RegistrationDocument>>;
}

export function liveOperations({ listen }: Transport): LiveOperations {
  const followAt = <Value>(path: string, options: FollowOptions | undefined) =>
    follow<Value>((lastEventId, signal) => listen(path, lastEventId, signal), options);

  return {
    followCounts: (eventId, options) => followAt(`${eventPath(eventId)}/live`, options),
    followRegistration: (eventId, registrationId, options) =>
      followAt(`${registrationPath(eventId, registrationId)}/live`, options),
  };
}
