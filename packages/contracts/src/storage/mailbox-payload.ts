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

const mailboxPayload = Type.Object({ bodyHash: Type.String(), body: commandBody }, closed);

export type MailboxPayload = Static<typeof mailboxPayload>;

const compiled = Compile(mailboxPayload);

export function encodeMailboxPayload(bodyHash: string, body: CommandBody): string {
  return JSON.stringify({ bodyHash, body });
}

/** Undefined for what no version of Rollcall that this one understands has written. */
export function decodeMailboxPayload(text: string): MailboxPayload | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return compiled.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
