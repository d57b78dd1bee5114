/** Ids are strings that were checked once, at the edge; the brand keeps one kind from being passed for another. */
declare const brand: unique symbol;
type Brand<Name extends string> = string & { readonly [brand]: Name };

export type CommandId = Brand<'CommandId'>;
export type EventId = Brand<'EventId'>;
export type RoleId = Brand<'RoleId'>;
/** Organizers choose it; it is a pool's name too. */
export type PoolId = Brand<'PoolId'>;
export type RegistrationId = Brand<'RegistrationId'>;
export type UserId = Brand<'UserId'>;
export type OrganizerId = Brand<'OrganizerId'>;
/** The random token of the commit that made an event's current version. */
export type CommitId = Brand<'CommitId'>;

const commandIdPattern = /^c[A-Za-z0-9_-]{22}$/;
const eventIdPattern = /^e[A-Za-z0-9_-]{22}$/;
const registrationIdPattern = /^r[A-Za-z0-9_-]{22}$/;
const roleIdPattern = /^[A-Za-z0-9_-]{1,32}$/;
/**
 * Subjects come from other people's identity providers: any text of 1 to 128 characters without control characters, and
 * without half a surrogate pair, which a store may turn into something else.
 */
const subjectPattern = /^[^\p{Cc}\p{Cs}]{1,128}$/u;

/** What stands in place of a user who was erased. No identity provider gives such ids, and the API takes none from a token. */
const erasedIdPattern = /^erased-[A-Za-z0-9_-]{22}$/;

const parser =
  <Id extends string>(pattern: RegExp) =>
  (text: string): Id | undefined =>
    pattern.test(text) ? (text as Id) : undefined;

/** Each parser answers undefined for a text that can't be such an id. */
export const parseCommandId = parser<CommandId>(commandIdPattern);
export const parseEventId = parser<EventId>(eventIdPattern);
export const parseRegistrationId = parser<RegistrationId>(registrationIdPattern);
export const parseRoleId = parser<RoleId>(roleIdPattern);
export const parsePoolId = parser<PoolId>(roleIdPattern);
export const parseUserId = parser<UserId>(subjectPattern);
export const parseOrganizerId = parser<OrganizerId>(subjectPattern);

/** `token`: 22 characters of base64url, 128 bits. */
export function commandIdFromToken(token: string): CommandId {
  return `c${token}` as CommandId;
}

/** Opaque, and of nobody. `token`: 22 characters of base64url, drawn at random. */
export function erasedIdFromToken(token: string): UserId {
  return `erased-${token}` as UserId;
}

export function isErasedId(userId: UserId): boolean {
  return erasedIdPattern.test(userId);
}

/** An event takes the id of the command that created it, so a repeated creation finds the same mailbox and ledger. */
export function eventIdFor(commandId: CommandId): EventId {
  return `e${commandId.slice(1)}` as EventId;
}

/** A registration takes the id of the command that asked for it: one command makes at most one registration. */
export function registrationIdFor(commandId: CommandId): RegistrationId {
  return `r${commandId.slice(1)}` as RegistrationId;
}

/** Names a command of an import that asks for no new registration: by the version that its decision gets, as below. */
export function importStepId(version: number): CommandId {
  return `cimport-${String(version).padStart(15, '0')}` as CommandId;
}

/**
 * Names the journal entry of a step of an obligation, which no command asked for. Unique within an event, because a
 * version is.
 */
export function obligationStepId(version: number): CommandId {
  return `cobligation-${String(version).padStart(11, '0')}` as CommandId;
}
