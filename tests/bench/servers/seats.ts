import { randomBytes } from 'node:crypto';
import { commandIdFromToken, registrationIdFor, type CommandId } from '@rollcall/domain';
import type { RegistrationDocument } from '@rollcall/store-mongo';
import type { SignUpRequest } from './baseline.ts';

/** Of one event, which here has one role. */
export interface SeatsDocument {
  readonly _id: string;
  readonly capacity: number;
  /** How many signups were counted; only the counter's side counts. */
  readonly taken: number;
}

export const newCommandId = (): CommandId => commandIdFromToken(randomBytes(16).toString('base64url'));

/** The same document that Rollcall writes, into a collection with the same validator and indexes. */
export function registrationDocument(
  { eventId, roleId, identity }: SignUpRequest,
  decided: { readonly commandId: CommandId; readonly status: 'confirmed' | 'waitlist'; readonly sequence: number },
): RegistrationDocument {
  return {
    _id: registrationIdFor(decided.commandId),
    eventId,
    userId: identity.userId,
    roleId,
    status: decided.status,
    sequence: decided.sequence,
    registrationDate: new Date(),
    registeredBy: identity.userId,
    ...(identity.profile === undefined ? {} : { profile: identity.profile }),
  };
}
