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
  if (!isRecord(body) || !isRecord(body['actor']) || typeof body['actor']['userId'] !== 'string') return false;
  const has = (...fields: readonly string[]) => fields.every((field) => typeof body[field] === 'string');
  switch (body['type']) {
    case 'CreateEvent':
      return isRecord(body['settings']) && Array.isArray(body['roles']);
    case 'ChangeEventSettings':
      return has('status');
    case 'SignUp':
      return has('userId', 'roleId');
    case 'CancelSignup':
      return has('registrationId');
    default:
      return false;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
