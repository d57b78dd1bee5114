import type { CommandBody } from '@rollcall/domain';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { commandBodies, type StoredBody } from './command-body.ts';
import { isFields, upgradeBody } from './payload-v1.ts';

/**
 * Raised when workers of the version before could not read what is written now. What was written before is read for as
 * long as an API that writes it may run.
 */
const payloadVersion = 2;

export interface MailboxPayload {
  readonly v: typeof payloadVersion;
  readonly bodyHash: string;
  readonly body: StoredBody;
}

/**
 * By type, and not as one union: that would be tried branch by branch, and cost a command as much as all that stand
 * before it.
 */
const checks: ReadonlyMap<unknown, (value: unknown) => value is MailboxPayload> = new Map(
  Object.entries(commandBodies).map(([type, body]) => {
    const payload = Type.Object(
      { v: Type.Literal(payloadVersion), bodyHash: Type.String(), body },
      { additionalProperties: false },
    );
    const compiled = Compile(payload);
    return [type, (value: unknown): value is MailboxPayload => compiled.Check(value)];
  }),
);

export function encodeMailboxPayload(bodyHash: string, body: CommandBody): string {
  return JSON.stringify({ v: payloadVersion, bodyHash, body });
}

/** Written by a newer API: it must wait for newer workers, and not be refused by this one. */
export class NewerPayloadError extends Error {
  override readonly name = 'NewerPayloadError';
}

/**
 * Undefined for what nobody can read.
 *
 * @throws NewerPayloadError
 */
export function decodeMailboxPayload(text: string): MailboxPayload | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (isPayload(value)) return value;
  if (!isFields(value)) return undefined;
  const { v, body } = value;
  if (Number(v) > payloadVersion)
    throw new NewerPayloadError('a command is of a newer version: update the workers before the APIs');
  if (v !== 1 || !isFields(body)) return undefined;
  const upgraded: unknown = { ...value, v: payloadVersion, body: upgradeBody(body) };
  return isPayload(upgraded) ? upgraded : undefined;
}

function isPayload(value: unknown): value is MailboxPayload {
  return checks.get(typeOf(value))?.(value) === true;
}

function typeOf(value: unknown): unknown {
  return isFields(value) && isFields(value['body']) ? value['body']['type'] : undefined;
}
