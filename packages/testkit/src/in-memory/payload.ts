import type { CommandBody } from '@rollcall/domain';

/** A command's body and hash as the in-memory mailbox stores them. The real adapters have their own schema. */
export function writePayload(bodyHash: string, body: CommandBody): string {
  return JSON.stringify({ bodyHash, body });
}

interface Payload {
  readonly bodyHash: string;
  readonly body: CommandBody;
}

/** Undefined when the text is not such a payload. It looks only as deep as is needed to tell damage from a command. */
export function readPayload(text: string): Payload | undefined {
  try {
    const payload: unknown = JSON.parse(text);
    return isPayload(payload) ? payload : undefined;
  } catch {
    return undefined;
  }
}

function isPayload(payload: unknown): payload is Payload {
  if (!isRecord(payload) || typeof payload['bodyHash'] !== 'string') return false;
  const body = payload['body'];
  if (!isRecord(body) || !isRecord(body['actor']) || typeof body['actor']['kind'] !== 'string') return false;
  const fields = neededFields[String(body['type'])];
  if (fields === undefined) return false;
  if (body['type'] === 'CreateEvent' && !Array.isArray(body['roles'])) return false;
  return fields.every((field) => typeof body[field] === 'string');
}

const ofRegistration = ['registrationId'];

/** Of each type of command the texts that it can't do without. */
const neededFields: Readonly<Record<string, readonly string[]>> = {
  CreateEvent: [],
  ChangeEventSettings: [],
  AddRole: [],
  ChangeRole: ['roleId'],
  DeleteRole: ['roleId'],
  SignUp: ['userId', 'roleId'],
  CancelSignup: ofRegistration,
  RemoveFromRole: ofRegistration,
  MoveBetweenRoles: [...ofRegistration, 'roleId'],
  AcceptOffer: ofRegistration,
  DeclineOffer: ofRegistration,
  ExpireOffer: ofRegistration,
  UpdateRegistration: ofRegistration,
  CheckIn: ofRegistration,
  UndoCheckIn: ofRegistration,
  EraseUser: ['userId', 'erasedAs'],
  ImportEvent: ['legacyId'],
  ImportRegistration: ['userId', 'roleId', 'status'],
  FinishImport: ['status'],
  ResumeImport: [],
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
