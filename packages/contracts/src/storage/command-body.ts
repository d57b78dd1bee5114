import { legacyActionsMax, removalCodes, type CommandBody } from '@rollcall/domain';
import { Type, type Static, type TSchema } from 'typebox';
import {
  erasedIdSchema,
  organizerIdSchema,
  poolIdPattern,
  poolIdSchema,
  registrationIdSchema,
  roleIdSchema,
  userIdSchema,
} from '../ids.ts';

const closed = { additionalProperties: false };
const instant = Type.Number();
const text = Type.String();
const maybe = Type.Optional;
const orNull = <Schema extends TSchema>(schema: Schema) => Type.Optional(Type.Union([schema, Type.Null()]));
const words = <const Words extends readonly string[]>(...of: Words) =>
  Type.Unsafe<Words[number]>({ type: 'string', enum: of });

const staff = Type.Object({ kind: Type.Literal('staff'), userId: userIdSchema }, closed);
const person = Type.Object({ kind: words('user', 'staff'), userId: userIdSchema }, closed);
const system = Type.Object({ kind: Type.Literal('system') }, closed);

const seats = Type.Integer({ minimum: 0 });
const seatsOrNull = Type.Union([seats, Type.Null()]);
const waitlistMode = words('off', 'auto', 'offer');
const offerMs = Type.Integer({ minimum: 1 });

const role = Type.Object(
  {
    roleId: roleIdSchema,
    name: text,
    capacity: seatsOrNull,
    waitlist: waitlistMode,
    waitlistMax: maybe(seats),
    offerMs,
  },
  closed,
);
const roleIds = Type.Array(roleIdSchema);
const pool = Type.Object({ poolId: poolIdSchema, capacity: seats, roleIds }, closed);

const registrationsPerUserMax = Type.Integer({ minimum: 1 });
const settings = Type.Object(
  {
    organizerId: organizerIdSchema,
    title: text,
    startsAt: instant,
    endsAt: instant,
    timeZone: text,
    location: maybe(text),
    signupOpensAt: maybe(instant),
    signupClosesAt: maybe(instant),
    cancelClosesAt: maybe(instant),
    capacity: maybe(seats),
    registrationsPerUserMax,
    usersMayMove: Type.Boolean(),
  },
  closed,
);
const settingsPatch = Type.Object(
  {
    title: maybe(text),
    startsAt: maybe(instant),
    endsAt: maybe(instant),
    timeZone: maybe(text),
    location: orNull(text),
    signupOpensAt: orNull(instant),
    signupClosesAt: orNull(instant),
    cancelClosesAt: orNull(instant),
    capacity: orNull(seats),
    registrationsPerUserMax: maybe(registrationsPerUserMax),
    usersMayMove: maybe(Type.Boolean()),
  },
  closed,
);
const poolPatch = Type.Union([Type.Object({ capacity: maybe(seats), roleIds: maybe(roleIds) }, closed), Type.Null()]);
const rolePatch = Type.Object(
  {
    name: maybe(text),
    capacity: maybe(seatsOrNull),
    waitlist: maybe(waitlistMode),
    waitlistMax: orNull(seats),
    offerMs: maybe(offerMs),
  },
  closed,
);

const profile = Type.Object({ displayName: text, email: maybe(text) }, closed);
const limitChange = { ifOver: words('refuse', 'keep', 'demote'), dryRun: Type.Boolean() };
const aboutRegistration = { registrationId: registrationIdSchema };

const legacyId = Type.String({ minLength: 1 });
const legacyAction = Type.Object(
  {
    action: text,
    performedBy: maybe(userIdSchema),
    performedAt: maybe(instant),
    fromRoleId: maybe(roleIdSchema),
    toRoleId: maybe(roleIdSchema),
  },
  closed,
);

const command = <Word extends CommandBody['type'], Fields extends Readonly<Record<string, TSchema>>>(
  type: Word,
  fields: Fields,
) => Type.Object({ type: Type.Literal(type), ...fields }, closed);

/** What each command looks like in a mailbox, by its type. */
export const commandBodies = {
  CreateEvent: command('CreateEvent', { actor: staff, settings, roles: Type.Array(role), pools: Type.Array(pool) }),
  ChangeEventSettings: command('ChangeEventSettings', {
    actor: staff,
    settings: settingsPatch,
    pools: Type.Record(Type.String({ pattern: poolIdPattern }), poolPatch, closed),
    status: maybe(words('open', 'closed', 'cancelled')),
    ...limitChange,
  }),
  AddRole: command('AddRole', { actor: staff, role }),
  ChangeRole: command('ChangeRole', { actor: staff, roleId: roleIdSchema, changes: rolePatch, ...limitChange }),
  DeleteRole: command('DeleteRole', { actor: staff, roleId: roleIdSchema }),
  SignUp: command('SignUp', {
    actor: person,
    userId: userIdSchema,
    roleId: roleIdSchema,
    override: maybe(Type.Boolean()),
    notes: maybe(text),
    specialRequirements: maybe(text),
    profile: maybe(profile),
  }),
  CancelSignup: command('CancelSignup', { actor: person, ...aboutRegistration, reason: maybe(text) }),
  RemoveFromRole: command('RemoveFromRole', {
    actor: staff,
    ...aboutRegistration,
    reasonCode: words(...removalCodes),
    reason: maybe(text),
  }),
  MoveBetweenRoles: command('MoveBetweenRoles', {
    actor: person,
    ...aboutRegistration,
    roleId: roleIdSchema,
    ifFull: words('refuse', 'waitlist'),
  }),
  AcceptOffer: command('AcceptOffer', { actor: person, ...aboutRegistration }),
  DeclineOffer: command('DeclineOffer', { actor: person, ...aboutRegistration }),
  ExpireOffer: command('ExpireOffer', { actor: system, ...aboutRegistration, expiresAt: instant }),
  UpdateRegistration: command('UpdateRegistration', {
    actor: person,
    ...aboutRegistration,
    notes: orNull(text),
    specialRequirements: orNull(text),
  }),
  CheckIn: command('CheckIn', { actor: staff, ...aboutRegistration }),
  UndoCheckIn: command('UndoCheckIn', { actor: staff, ...aboutRegistration }),
  EraseUser: command('EraseUser', {
    actor: Type.Union([staff, system]),
    userId: userIdSchema,
    erasedAs: erasedIdSchema,
  }),
  ImportEvent: command('ImportEvent', {
    actor: system,
    legacyId,
    settings,
    roles: Type.Array(role),
    pools: Type.Array(pool),
  }),
  ImportRegistration: command('ImportRegistration', {
    actor: system,
    registrationId: maybe(registrationIdSchema),
    legacyId: maybe(legacyId),
    userId: userIdSchema,
    roleId: roleIdSchema,
    status: words('confirmed', 'waitlist', 'cancelled'),
    registrationDate: instant,
    registeredBy: userIdSchema,
    attendedAt: maybe(instant),
    cancelledAt: maybe(instant),
    notes: maybe(text),
    specialRequirements: maybe(text),
    profile: maybe(profile),
    history: Type.Array(legacyAction, { maxItems: legacyActionsMax }),
    requeue: Type.Boolean(),
  }),
  FinishImport: command('FinishImport', { actor: system, status: words('open', 'closed', 'cancelled') }),
  ResumeImport: command('ResumeImport', { actor: system }),
} satisfies Readonly<Record<CommandBody['type'], TSchema>>;

/** What passes its schema is a command. */
export type StoredBody = { [Word in CommandBody['type']]: Static<(typeof commandBodies)[Word]> }[CommandBody['type']];
