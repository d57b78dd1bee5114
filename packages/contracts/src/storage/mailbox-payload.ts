import type { CommandBody } from '@rollcall/domain';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { organizerIdSchema, registrationIdSchema, roleIdSchema, userIdSchema } from '../ids.ts';

const closed = { additionalProperties: false };
const instant = Type.Number();

const actor = Type.Object(
  { kind: Type.Union([Type.Literal('user'), Type.Literal('staff')]), userId: userIdSchema },
  closed,
);

const profile = Type.Object({ displayName: Type.String(), email: Type.Optional(Type.String()) }, closed);

const role = Type.Object(
  {
    roleId: roleIdSchema,
    name: Type.String(),
    capacity: Type.Integer({ minimum: 0 }),
    waitlist: Type.Union([Type.Literal('off'), Type.Literal('auto')]),
  },
  closed,
);

const settings = Type.Object(
  {
    organizerId: organizerIdSchema,
    title: Type.String(),
    startsAt: instant,
    endsAt: instant,
    timeZone: Type.String(),
    location: Type.Optional(Type.String()),
    signupOpensAt: Type.Optional(instant),
    signupClosesAt: Type.Optional(instant),
    registrationsPerUserMax: Type.Integer({ minimum: 1 }),
  },
  closed,
);

const commandBody = Type.Union([
  Type.Object(
    {
      type: Type.Literal('SignUp'),
      actor,
      userId: userIdSchema,
      roleId: roleIdSchema,
      notes: Type.Optional(Type.String()),
      specialRequirements: Type.Optional(Type.String()),
      profile: Type.Optional(profile),
    },
    closed,
  ),
  Type.Object(
    {
      type: Type.Literal('CancelSignup'),
      actor,
      registrationId: registrationIdSchema,
      reason: Type.Optional(Type.String()),
    },
    closed,
  ),
  Type.Object({ type: Type.Literal('CreateEvent'), actor, settings, roles: Type.Array(role) }, closed),
  Type.Object(
    {
      type: Type.Literal('ChangeEventSettings'),
      actor,
      status: Type.Union([Type.Literal('open'), Type.Literal('closed')]),
    },
    closed,
  ),
]);

/** Raised when workers of the version before could not read what is written now. */
const payloadVersion = 1;

const mailboxPayload = Type.Object(
  { v: Type.Literal(payloadVersion), bodyHash: Type.String(), body: commandBody },
  closed,
);

export type MailboxPayload = Static<typeof mailboxPayload>;

const compiled = Compile(mailboxPayload);

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
  if (compiled.Check(value)) return value;
  if (isNewer(value))
    throw new NewerPayloadError('a command is of a newer version: update the workers before the APIs');
  return undefined;
}

function isNewer(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'v' in value && Number(value.v) > payloadVersion;
}
