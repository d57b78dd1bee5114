import type { CommandId } from '@rollcall/domain';
import type { JobsOptions } from 'bullmq';
import type { SignUpRequest } from './baseline.ts';
import { environment } from './environment.ts';

export const queueName = 'signups';
/** BullMQ's keys, apart from Rollcall's. */
export const queuePrefix = `${environment.redisKeyPrefix}jobs`;

export interface SignUpJob {
  readonly commandId: CommandId;
  readonly request: SignUpRequest;
}

/** A job that did not get the lock comes again, as often as it takes. */
export const jobOptions: JobsOptions = {
  attempts: 1_000,
  backoff: { type: 'fixed', delay: 50 },
  removeOnComplete: true,
  removeOnFail: true,
};
